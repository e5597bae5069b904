import crm.migrations._together
import crm.team.fields
import datetime
import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reminders', '0001_initial'), ('reminders', '0002_sending_on_hold'), ('reminders', '0003_off_after_an_import'), ('reminders', '0004_bad_day_kinds'), ('reminders', '0005_card_review'), ('reminders', '0006_booking_page'), ('reminders', '0007_waiting_kinds')]

    initial = True

    dependencies = [
        ('crm', '0012_result_cards'),
        ('crm', '__first__'),
    ]

    operations = [
        crm.migrations._together.CreateTogether(
            models=[migrations.CreateModel(
                name='ContactPermission',
                fields=[
                    ('client', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='crm.client', verbose_name='client')),
                    ('service_email', models.BooleanField(default=True, verbose_name='service by e-mail')),
                    ('service_sms', models.BooleanField(default=True, verbose_name='service by SMS')),
                    ('care_refused', models.BooleanField(default=False, verbose_name='refused all care')),
                    ('care_email', models.BooleanField(default=True, verbose_name='care by e-mail')),
                    ('care_sms', models.BooleanField(default=True, verbose_name='care by SMS')),
                    ('care_call', models.BooleanField(default=True, verbose_name='care by call')),
                    ('marketing_email', models.BooleanField(default=False, verbose_name='marketing by e-mail')),
                    ('marketing_sms', models.BooleanField(default=False, verbose_name='marketing by SMS')),
                    ('email_dead_at', models.DateTimeField(blank=True, null=True, verbose_name='e-mail is dead since')),
                    ('sms_dead_at', models.DateTimeField(blank=True, null=True, verbose_name='number is dead since')),
                ],
                options={
                    'verbose_name': 'contact permission',
                    'verbose_name_plural': 'contact permissions',
                },
            ), migrations.CreateModel(
                name='HistoricalJourney',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('reassurance', 'reassurance'), ('feedback', 'feedback'), ('lashes', 'how is it holding?'), ('due_soon', 'due soon'), ('win_back', 'win-back'), ('second_win_back', 'second win-back'), ('birthday', 'birthday'), ('reminder_24h', 'reminder, a day before'), ('reminder_2h', 'reminder, two hours before'), ('confirmation', 'confirmation'), ('change', 'change'), ('cancellation', 'cancellation'), ('points_expiring', 'points expiring'), ('card_review', 'card review'), ('thanks', 'thanks'), ('holiday', 'holiday'), ('event', 'event'), ('news', 'news'), ('master_ill', 'master is ill'), ('master_late', 'master is late'), ('waiting_offer', 'an offer to the waiting list'), ('waiting_taken', 'an offered time is taken'), ('opt_out', 'confirmation of an opt-out')], db_index=True, max_length=20, verbose_name='kind')),
                    ('is_on', models.BooleanField(default=False, verbose_name='on')),
                    ('on_since', models.DateTimeField(blank=True, null=True, verbose_name='on since')),
                    ('forecast_seen_at', models.DateTimeField(blank=True, null=True, verbose_name='forecast seen')),
                    ('imported_at', models.DateTimeField(blank=True, null=True, verbose_name='off since an import')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('switched_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='switched by')),
                ],
                options={
                    'verbose_name': 'historical journey',
                    'verbose_name_plural': 'historical journeys',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ), migrations.CreateModel(
                name='HistoricalMessageSettings',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('quiet_from', models.TimeField(default=datetime.time(20, 0), help_text="From then on nothing but appointment and complaint messages goes out, by the client's own clock.", verbose_name='messages end at')),
                    ('quiet_until', models.TimeField(default=datetime.time(9, 0), verbose_name='messages begin at')),
                    ('marketing_cap_days', models.PositiveSmallIntegerField(default=7, help_text='At most one marketing message per client in so many days.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)], verbose_name='one offer in, days')),
                    ('feedback_gap_days', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='feedback at most every, days')),
                    ('due_before_days', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MaxValueValidator(30)], verbose_name='due this many days before her rhythm')),
                    ('large_purchase_factor', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(2)], verbose_name='a purchase is large from, times the usual')),
                    ('held_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='sending on hold since')),
                    ('sms_price', crm.team.fields.MoneyField(default=0, verbose_name='price of one SMS part')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical message settings',
                    'verbose_name_plural': 'historical message settings',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ), migrations.CreateModel(
                name='HistoricalMessageText',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('reassurance', 'reassurance'), ('feedback', 'feedback'), ('lashes', 'how is it holding?'), ('due_soon', 'due soon'), ('win_back', 'win-back'), ('second_win_back', 'second win-back'), ('birthday', 'birthday'), ('reminder_24h', 'reminder, a day before'), ('reminder_2h', 'reminder, two hours before'), ('confirmation', 'confirmation'), ('change', 'change'), ('cancellation', 'cancellation'), ('points_expiring', 'points expiring'), ('card_review', 'card review'), ('thanks', 'thanks'), ('holiday', 'holiday'), ('event', 'event'), ('news', 'news'), ('master_ill', 'master is ill'), ('master_late', 'master is late'), ('waiting_offer', 'an offer to the waiting list'), ('waiting_taken', 'an offered time is taken'), ('opt_out', 'confirmation of an opt-out')], max_length=20, verbose_name='kind')),
                    ('language', models.CharField(choices=[('en', 'English'), ('ru', 'Russian'), ('bs', 'Bosnian'), ('ar', 'Arabic')], max_length=2, verbose_name='language')),
                    ('subject', models.CharField(help_text='Of the mail.', max_length=150, verbose_name='subject')),
                    ('body', models.TextField(help_text='Placeholders in braces, like {name}; a blank line begins a paragraph.', max_length=4000, verbose_name='letter')),
                    ('button', models.CharField(blank=True, max_length=40, verbose_name='button')),
                    ('sms', models.TextField(max_length=600, verbose_name='SMS')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical message text',
                    'verbose_name_plural': 'historical message texts',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ), migrations.CreateModel(
                name='Journey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('reassurance', 'reassurance'), ('feedback', 'feedback'), ('lashes', 'how is it holding?'), ('due_soon', 'due soon'), ('win_back', 'win-back'), ('second_win_back', 'second win-back'), ('birthday', 'birthday'), ('reminder_24h', 'reminder, a day before'), ('reminder_2h', 'reminder, two hours before'), ('confirmation', 'confirmation'), ('change', 'change'), ('cancellation', 'cancellation'), ('points_expiring', 'points expiring'), ('card_review', 'card review'), ('thanks', 'thanks'), ('holiday', 'holiday'), ('event', 'event'), ('news', 'news'), ('master_ill', 'master is ill'), ('master_late', 'master is late'), ('waiting_offer', 'an offer to the waiting list'), ('waiting_taken', 'an offered time is taken'), ('opt_out', 'confirmation of an opt-out')], max_length=20, unique=True, verbose_name='kind')),
                    ('is_on', models.BooleanField(default=False, verbose_name='on')),
                    ('on_since', models.DateTimeField(blank=True, null=True, verbose_name='on since')),
                    ('forecast_seen_at', models.DateTimeField(blank=True, null=True, verbose_name='forecast seen')),
                    ('imported_at', models.DateTimeField(blank=True, null=True, verbose_name='off since an import')),
                    ('switched_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='switched by')),
                ],
                options={
                    'verbose_name': 'journey',
                    'verbose_name_plural': 'journeys',
                },
            ), migrations.CreateModel(
                name='MailboxLetter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(max_length=8, verbose_name='channel')),
                    ('sender', models.CharField(blank=True, max_length=320, verbose_name='from')),
                    ('recipient', models.CharField(max_length=320, verbose_name='to')),
                    ('subject', models.CharField(blank=True, max_length=998, verbose_name='subject')),
                    ('text', models.TextField(blank=True, verbose_name='text')),
                    ('html', models.TextField(blank=True, verbose_name='HTML')),
                    ('raw', models.BinaryField(null=True)),
                    ('message_id', models.CharField(blank=True, max_length=998)),
                    ('received_at', models.DateTimeField(verbose_name='received')),
                ],
                options={
                    'verbose_name': 'letter in the mailbox',
                    'verbose_name_plural': 'letters in the mailbox',
                    'indexes': [models.Index(fields=['-received_at'], name='mailbox_newest_first'), models.Index(fields=['recipient'], name='mailbox_by_recipient')],
                },
            ), migrations.CreateModel(
                name='Message',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('reassurance', 'reassurance'), ('feedback', 'feedback'), ('lashes', 'how is it holding?'), ('due_soon', 'due soon'), ('win_back', 'win-back'), ('second_win_back', 'second win-back'), ('birthday', 'birthday'), ('reminder_24h', 'reminder, a day before'), ('reminder_2h', 'reminder, two hours before'), ('confirmation', 'confirmation'), ('change', 'change'), ('cancellation', 'cancellation'), ('points_expiring', 'points expiring'), ('card_review', 'card review'), ('thanks', 'thanks'), ('holiday', 'holiday'), ('event', 'event'), ('news', 'news'), ('master_ill', 'master is ill'), ('master_late', 'master is late'), ('waiting_offer', 'an offer to the waiting list'), ('waiting_taken', 'an offered time is taken'), ('opt_out', 'confirmation of an opt-out')], max_length=20, verbose_name='kind')),
                    ('purpose', models.CharField(choices=[('service', 'service'), ('care', 'care'), ('marketing', 'marketing')], max_length=12, verbose_name='purpose')),
                    ('occasion', models.CharField(max_length=120, verbose_name='occasion')),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='why')),
                    ('state', models.CharField(choices=[('planned', 'planned'), ('sending', 'sending'), ('sent', 'sent'), ('delivered', 'delivered'), ('failed', 'failed'), ('unknown', 'unknown'), ('dropped', 'dropped'), ('cancelled', 'cancelled')], default='planned', max_length=12, verbose_name='state')),
                    ('state_reason', models.CharField(blank=True, max_length=300, verbose_name='what happened')),
                    ('visit_on', models.DateField(blank=True, null=True, verbose_name='visit')),
                    ('send_at', models.DateTimeField(verbose_name='goes at')),
                    ('not_after', models.DateTimeField(verbose_name='not after')),
                    ('planned_at', models.DateTimeField(verbose_name='planned at')),
                    ('channel', models.CharField(blank=True, choices=[('email', 'e-mail'), ('sms', 'SMS'), ('call', 'call')], max_length=8, verbose_name='channel')),
                    ('language', models.CharField(blank=True, choices=[('en', 'English'), ('ru', 'Russian'), ('bs', 'Bosnian'), ('ar', 'Arabic')], max_length=2, verbose_name='language')),
                    ('address', models.CharField(blank=True, max_length=320, verbose_name='address')),
                    ('claim', models.UUIDField(editable=False, null=True)),
                    ('claimed_at', models.DateTimeField(editable=False, null=True)),
                    ('handed_at', models.DateTimeField(editable=False, null=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                    ('sent_on', models.DateField(editable=False, null=True)),
                    ('provider', models.CharField(blank=True, max_length=40, verbose_name='provider')),
                    ('provider_id', models.CharField(blank=True, max_length=200, verbose_name="provider's number")),
                    ('subject', models.CharField(blank=True, max_length=300, verbose_name='subject')),
                    ('body', models.TextField(blank=True, verbose_name='text')),
                    ('parts', models.PositiveSmallIntegerField(default=0, verbose_name='parts')),
                    ('cost', crm.team.fields.MoneyField(default=0, verbose_name='cost')),
                    ('is_imported', models.BooleanField(default=False, editable=False, verbose_name='imported')),
                    ('appointment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='crm.appointment', verbose_name='appointment')),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.branch', verbose_name='branch')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.client', verbose_name='client')),
                    ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='crm.appointmentevent')),
                    ('sent_with', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='carries', to='reminders.message', verbose_name='sent with')),
                ],
                options={
                    'verbose_name': 'message',
                    'verbose_name_plural': 'messages',
                    'indexes': [models.Index(condition=models.Q(('state', 'planned')), fields=['send_at'], name='message_queue'), models.Index(condition=models.Q(('state', 'sending')), fields=['claimed_at'], name='message_in_hand'), models.Index(fields=['client', '-send_at'], name='message_by_client'), models.Index(fields=['branch', '-send_at'], name='message_by_branch')],
                    'constraints': [models.UniqueConstraint(fields=('client', 'kind', 'occasion'), name='message_once'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['sent', 'delivered']), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='message_sent_has_time')],
                },
            ), migrations.CreateModel(
                name='MessageEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('planned', 'planned'), ('sending', 'sending'), ('sent', 'sent'), ('delivered', 'delivered'), ('failed', 'failed'), ('unknown', 'unknown'), ('dropped', 'dropped'), ('cancelled', 'cancelled')], max_length=12, verbose_name='state')),
                    ('at', models.DateTimeField(verbose_name='when')),
                    ('detail', models.CharField(blank=True, max_length=300, verbose_name='detail')),
                    ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='reminders.message')),
                ],
                options={
                    'verbose_name': 'event of a message',
                    'verbose_name_plural': 'events of a message',
                    'indexes': [models.Index(fields=['message', 'at'], name='message_event_in_order')],
                },
            ), migrations.CreateModel(
                name='MessageSettings',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('quiet_from', models.TimeField(default=datetime.time(20, 0), help_text="From then on nothing but appointment and complaint messages goes out, by the client's own clock.", verbose_name='messages end at')),
                    ('quiet_until', models.TimeField(default=datetime.time(9, 0), verbose_name='messages begin at')),
                    ('marketing_cap_days', models.PositiveSmallIntegerField(default=7, help_text='At most one marketing message per client in so many days.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)], verbose_name='one offer in, days')),
                    ('feedback_gap_days', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='feedback at most every, days')),
                    ('due_before_days', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MaxValueValidator(30)], verbose_name='due this many days before her rhythm')),
                    ('large_purchase_factor', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(2)], verbose_name='a purchase is large from, times the usual')),
                    ('held_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='sending on hold since')),
                    ('sms_price', crm.team.fields.MoneyField(default=0, verbose_name='price of one SMS part')),
                ],
                options={
                    'verbose_name': 'message settings',
                    'verbose_name_plural': 'message settings',
                    'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='message_settings_one_row'), models.CheckConstraint(condition=models.Q(('quiet_until__lt', models.F('quiet_from'))), name='message_settings_window', violation_error_message='Messages begin before they end.')],
                },
            ), migrations.CreateModel(
                name='MessageText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('reassurance', 'reassurance'), ('feedback', 'feedback'), ('lashes', 'how is it holding?'), ('due_soon', 'due soon'), ('win_back', 'win-back'), ('second_win_back', 'second win-back'), ('birthday', 'birthday'), ('reminder_24h', 'reminder, a day before'), ('reminder_2h', 'reminder, two hours before'), ('confirmation', 'confirmation'), ('change', 'change'), ('cancellation', 'cancellation'), ('points_expiring', 'points expiring'), ('card_review', 'card review'), ('thanks', 'thanks'), ('holiday', 'holiday'), ('event', 'event'), ('news', 'news'), ('master_ill', 'master is ill'), ('master_late', 'master is late'), ('waiting_offer', 'an offer to the waiting list'), ('waiting_taken', 'an offered time is taken'), ('opt_out', 'confirmation of an opt-out')], max_length=20, verbose_name='kind')),
                    ('language', models.CharField(choices=[('en', 'English'), ('ru', 'Russian'), ('bs', 'Bosnian'), ('ar', 'Arabic')], max_length=2, verbose_name='language')),
                    ('subject', models.CharField(help_text='Of the mail.', max_length=150, verbose_name='subject')),
                    ('body', models.TextField(help_text='Placeholders in braces, like {name}; a blank line begins a paragraph.', max_length=4000, verbose_name='letter')),
                    ('button', models.CharField(blank=True, max_length=40, verbose_name='button')),
                    ('sms', models.TextField(max_length=600, verbose_name='SMS')),
                ],
                options={
                    'verbose_name': 'message text',
                    'verbose_name_plural': 'message texts',
                    'constraints': [models.UniqueConstraint(fields=('kind', 'language'), name='message_text_once')],
                },
            ), migrations.CreateModel(
                name='Watch',
                fields=[
                    ('client', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='crm.client')),
                    ('look_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['look_at'], name='watch_by_time')],
                },
            ), migrations.CreateModel(
                name='ConsentEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('purpose', models.CharField(choices=[('service', 'service'), ('care', 'care'), ('marketing', 'marketing')], max_length=12, verbose_name='purpose')),
                    ('channel', models.CharField(choices=[('email', 'e-mail'), ('sms', 'SMS'), ('call', 'call')], max_length=8, verbose_name='channel')),
                    ('is_given', models.BooleanField(verbose_name='given')),
                    ('at', models.DateTimeField(verbose_name='when')),
                    ('where', models.CharField(choices=[('desk', 'desk'), ('office', 'office'), ('link', "client's link"), ('book', 'booking page'), ('unsubscribe', 'unsubscribe link'), ('one_click', 'one-click unsubscribe'), ('stop', 'STOP word'), ('import', 'import')], max_length=12, verbose_name='where')),
                    ('text_shown', models.TextField(blank=True, verbose_name='text shown')),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='crm.client', verbose_name='client')),
                    ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ],
                options={
                    'verbose_name': 'consent given or withdrawn',
                    'verbose_name_plural': 'consents given and withdrawn',
                    'indexes': [models.Index(fields=['client', 'at'], name='consent_event_by_client')],
                },
            ), migrations.CreateModel(
                name='ContactCode',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(editable=False, max_length=32, unique=True)),
                    ('address_digest', models.CharField(editable=False, max_length=64)),
                    ('visitor_digest', models.CharField(editable=False, max_length=64)),
                    ('code_digest', models.CharField(editable=False, max_length=64)),
                    ('sent_at', models.DateTimeField(verbose_name='sent')),
                    ('good_until', models.DateTimeField(verbose_name='good until')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, editable=False, validators=[django.core.validators.MaxValueValidator(5)], verbose_name='attempts')),
                    ('proved_at', models.DateTimeField(blank=True, null=True, verbose_name='typed in')),
                    ('appointment', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='crm.appointment')),
                ],
                options={
                    'verbose_name': 'code of the booking page',
                    'verbose_name_plural': 'codes of the booking page',
                    'indexes': [models.Index(fields=['address_digest', 'sent_at'], name='contact_code_by_address'), models.Index(fields=['visitor_digest', 'sent_at'], name='contact_code_by_visitor'), models.Index(fields=['sent_at'], name='contact_code_by_time')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('attempts__lte', 5)), name='contact_code_attempts')],
                },
            )],
        ),
    ]
