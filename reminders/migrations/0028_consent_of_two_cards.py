from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reminders', '0027_shop_kinds'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consentevent',
            name='where',
            field=models.CharField(choices=[('desk', 'desk'), ('office', 'office'), ('link', "client's link"), ('book', 'booking page'), ('unsubscribe', 'unsubscribe link'), ('one_click', 'one-click unsubscribe'), ('stop', 'STOP word'), ('start', 'START word'), ('import', 'import'), ('provider', 'told by the mail provider'), ('undone', 'undone'), ('restore', 'kept through a restore'), ('merge', 'two cards became one')], max_length=12, verbose_name='where'),
        ),
    ]
