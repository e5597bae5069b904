import crm.team.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('loyalty', '0010_compensation'),
    ]

    operations = [
        migrations.AddField(
            model_name='spendingcount',
            name='carried_into',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loyalty.spendingcount', verbose_name='counted on in'),
        ),
        migrations.AddField(
            model_name='spendingcount',
            name='carried_paid',
            field=crm.team.fields.MoneyField(default=0, editable=False, verbose_name='of it, from her other card'),
        ),
        migrations.AddField(
            model_name='spendingcount',
            name='carried_points',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='points for that'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('spending', 'cashback'), ('rebooking', 'rebooking on the spot'), ('referral', 'referral'), ('feedback', 'feedback'), ('birthday', 'birthday'), ('gesture', 'gesture'), ('imported', 'brought from before'), ('adjusted', 'adjusted by the owner'), ('paid', 'paid with points'), ('given_back', 'given back by a refund'), ('reward', 'reward'), ('expired', 'expired'), ('taken_back', 'taken back by a refund'), ('owed', 'deducted, was owed'), ('merged', 'moved from her other card')], max_length=12, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='pendinggrant',
            name='kind',
            field=models.CharField(choices=[('spending', 'cashback'), ('rebooking', 'rebooking on the spot'), ('referral', 'referral'), ('feedback', 'feedback'), ('birthday', 'birthday'), ('gesture', 'gesture'), ('imported', 'brought from before'), ('adjusted', 'adjusted by the owner'), ('paid', 'paid with points'), ('given_back', 'given back by a refund'), ('reward', 'reward'), ('expired', 'expired'), ('taken_back', 'taken back by a refund'), ('owed', 'deducted, was owed'), ('merged', 'moved from her other card')], max_length=12, verbose_name='kind'),
        ),
    ]
