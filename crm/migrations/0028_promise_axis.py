from django.db import migrations, models

AXES = [
    ('time', 'time: done sooner than told'),
    ('cost', 'price: less to pay than told'),
    ('level', 'service: more than our standard asks'),
]
HELP = 'Choose one. The briefing and the receipt speak of it, and it is counted by master and service.'


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0027_touchpoints'),
    ]

    operations = [
        migrations.AddField(
            model_name=name,
            name='promise_axis',
            field=models.CharField(choices=AXES, default='time', help_text=HELP, max_length=8, verbose_name='beat what was told in'),
        )
        for name in ('crmsettings', 'historicalcrmsettings')
    ]
