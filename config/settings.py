"""Every setting of Regulars, read from the environment or a `.env` file.

The names are those of the README. Whatever is missing or contradicts itself
stops the start with one clear line.
"""

from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from config.keys import keep_keys
from config.mail import DJANGOS_SMTP, mail_settings
from crm.office.address import last_address

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")
on_sqlite = env.ENVIRON.get("DATABASE_URL", "sqlite").startswith("sqlite")
if on_sqlite and not env.ENVIRON.keys() >= {"SECRET_KEY", "FIELD_KEYS"}:
    keep_keys(VAR_DIR / "keys.env")
    environ.Env.read_env(VAR_DIR / "keys.env")

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is missing: put a long random text into the environment or .env.")
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
if not FIELD_KEYS:
    raise ImproperlyConfigured(
        "FIELD_KEYS is missing: health notes are encrypted with it. Make one with "
        '`python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"`.'
    )

# where nobody names it, links lead to where `run_salon` was opened last, whichever command writes them
ADDRESS_FILE = VAR_DIR / "address"
PUBLIC_URL = env.str("PUBLIC_URL", default=last_address(ADDRESS_FILE)).rstrip("/")
if not PUBLIC_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("PUBLIC_URL must begin with http:// or https://: links in messages are built from it.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
SECURE = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "reminders.links.views.astray.csrf_failure"

# Applications ---------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "import_export",
    "simple_history",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_filters",
    "phonenumber_field",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "csp",
    "crm.desk",
    "crm.office",
    "crm",
    "loyalty",
    "reminders",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.csp.SalonCSPMiddleware",
    "config.permissions.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "crm.desk.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.uploads.UploadLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.desk.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.desk.context.salon",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Data -----------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'regulars.sqlite3'}")
DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        # one writer at a time, waited for: no "database is locked"
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The limits of logins and codes need one shared count.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
REDIS_CACHE = env.str("CACHE_URL", default="")
if REDIS_CACHE:
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_CACHE}

# People and login -----------------------------------------------------------

AUTH_USER_MODEL = "crm.User"
AUTHENTICATION_BACKENDS = [
    "crm.desk.backends.NameBackend",
    "crm.desk.backends.MailBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "crm.desk.adapter.StaffAccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
# a subject is words, without an address in front
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_EXPIRE_AT_BROWSER_CLOSE = env.bool("SESSION_ENDS_WITH_BROWSER", default=False)

# Safety ---------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE and env.bool("SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# behind one, every visitor would share its address, and with it the limits on logins and codes
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# The admin's theme evaluates expressions in the page; it gets its own, relaxed for itself only
# (config/csp.py), and nothing from elsewhere either.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}

# Languages and time ---------------------------------------------------------

LANGUAGES = [("en", _("English")), ("ru", _("Russian")), ("bs", _("Bosnian")), ("ar", _("Arabic"))]
LANGUAGE_CODE = DEFAULT_LANGUAGE = env.str("DEFAULT_LANGUAGE", default="en")
if DEFAULT_LANGUAGE not in dict(LANGUAGES):
    raise ImproperlyConfigured(f"DEFAULT_LANGUAGE is {DEFAULT_LANGUAGE!r}: choose one of en, ru, bs, ar.")
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"
PHONENUMBER_DB_FORMAT = "E164"

# Files ----------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# Jobs -----------------------------------------------------------------------

BROKER_URL = env.str("BROKER_URL", default=f"sqla+sqlite:///{VAR_DIR / 'broker.sqlite3'}")
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 900, "unacked_restore_interval": 10, "unacked_restore_throttle": 1}
    if BROKER_URL.startswith(("redis://", "rediss://", "unix://"))
    else {}
)

# Mail and SMS ---------------------------------------------------------------

DEMO_SMTP_PORT = env.int("DEMO_SMTP_PORT", default=8025)
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="")
_mailbox = f"smtp://127.0.0.1:{DEMO_SMTP_PORT}" if DEMO and not EMAIL_BACKEND else ""
EMAIL_URL = env.str("EMAIL_URL", default=_mailbox)
# the provider's own settings: ANYMAIL_MAILGUN_API_KEY and the like; ANYMAIL_WEBHOOK_SECRET guards /hooks/
ANYMAIL = {key.removeprefix("ANYMAIL_"): env.str(key) for key in env.ENVIRON if key.startswith("ANYMAIL_")}
if EMAIL_URL:
    _mail = mail_settings(EMAIL_URL)
    if EMAIL_BACKEND not in ("", _mail["EMAIL_BACKEND"]):
        raise ImproperlyConfigured("EMAIL_URL and EMAIL_BACKEND name different ways out: keep one of them.")
    _mail["ANYMAIL"] = _mail.get("ANYMAIL", {}) | ANYMAIL
    globals().update(_mail)
EMAIL_BACKEND = EMAIL_BACKEND or DJANGOS_SMTP
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="")
if EMAIL_BACKEND.startswith("anymail.") and not DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured("DEFAULT_FROM_EMAIL is missing: mail providers send for addresses they know only.")
DEFAULT_FROM_EMAIL = DEFAULT_FROM_EMAIL or "salon@example.test"
# where clients' answers are taken in; empty: they go to where the mail came from
REPLY_TO_EMAIL = env.str("REPLY_TO_EMAIL", default="")
# SMS: the provider by scheme; the demo's own goes to the mailbox that a person opens in the browser
SMS_URL = env.str("SMS_URL", default="mailbox://" if DEMO else "")
# Messengers through apprise, an extra: tgram://TOKEN whatsapp://TOKEN@PHONE viber://TOKEN, blanks between
MESSENGER_URLS = env.str("MESSENGER_URLS", default="").split()

# Logs: on standard error, so that a command's output stays one JSON document
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.dev.ConsoleRenderer(colors=False)
            if DEBUG or DEMO
            else structlog.processors.JSONRenderer(),
        }
    },
    "filters": {"refusals": {"()": "config.logs.WithoutTraceOfRefusals"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["refusals"]}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING" if DEMO else "INFO")},
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.add_log_level,
        # the console shows where an error came from by itself, JSON has to be told
        *([] if DEBUG or DEMO else [structlog.processors.format_exc_info]),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)

UNFOLD = {
    "SITE_TITLE": "crm.office.palette.salon_name",
    "SITE_HEADER": "crm.office.palette.salon_name",
    "SITE_URL": "/",
    "SITE_SYMBOL": "spa",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "/static/img/icon.svg"}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "BORDER_RADIUS": "12px",
    "STYLES": ["/static/css/office.css"],
    "SCRIPTS": ["/static/js/office.js"],
    "COLORS": {"base": "crm.office.palette.paper_shades", "primary": "crm.office.palette.accent_shades"},
    "SIDEBAR": {"show_search": True, "navigation": "crm.office.navigation.navigation"},
    "DASHBOARD_CALLBACK": "crm.office.dashboard.dashboard",
}
