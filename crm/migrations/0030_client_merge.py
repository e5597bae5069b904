import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0029_photographs'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClientMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('user_name', models.CharField(blank=True, max_length=150, verbose_name='by (name)')),
                ('taken', models.JSONField(default=list, verbose_name='taken from the card put aside')),
                ('rows', models.JSONField(default=dict, editable=False)),
            ],
            options={
                'verbose_name': 'two cards made one',
                'verbose_name_plural': 'cards made one',
            },
        ),
        migrations.AddField(
            model_name='client',
            name='merged_into',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='former', to='crm.client', verbose_name='put aside for'),
        ),
        migrations.AddField(
            model_name='historicalclient',
            name='merged_into',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='crm.client', verbose_name='put aside for'),
        ),
        migrations.AddConstraint(
            model_name='client',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('pk')), _negated=True), _connector='OR'), name='client_not_merged_into_itself'),
        ),
        migrations.AddField(
            model_name='clientmerge',
            name='aside',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.client', verbose_name='the card put aside'),
        ),
        migrations.AddField(
            model_name='clientmerge',
            name='kept',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.client', verbose_name='the card that stays'),
        ),
        migrations.AddField(
            model_name='clientmerge',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddConstraint(
            model_name='clientmerge',
            constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('aside')), _negated=True), name='client_merge_of_two'),
        ),
    ]
