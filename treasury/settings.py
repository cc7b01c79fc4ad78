"""Settings, all from the environment; `.env.example` lists every variable."""

import os
from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF

from agencies.scopes import SCOPES
from treasury.environment import database_settings, flag, refuse_in_production, required_in_production

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = os.environ.get("ENV", "development")
PRODUCTION = ENV == "production"
refuse_in_production("CLOCK")
DEBUG = False

SECRET_KEY = required_in_production("SECRET_KEY", "development-only-secret-key")
ALLOWED_HOSTS = required_in_production("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "pgtrigger",
    "axes",
    "csp",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "oauth2_provider",
    "drf_spectacular",
    "treasury",
    "treasury.core",
    "treasury.ledger",
    "agencies",
    "signing",
    "vouchers",
    "disbursement",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "treasury.core.pages.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    # Before anything reads a body.
    "treasury.core.pages.sizes.SizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "agencies.pages.acting.ActingMiddleware",
    "agencies.pages.gate.GateMiddleware",
    "treasury.core.pages.problems.ProblemMiddleware",
    # Last: it looks at what the login says.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "treasury.urls"
WSGI_APPLICATION = "treasury.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "agencies.pages.frame.frame",
            ],
            "builtins": ["treasury.core.templatetags.epay", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "agencies.User"
# The tests' runner empties tables by TRUNCATE; everywhere else append-only tables refuse it.
GUARD_TRUNCATE = PRODUCTION or "PYTEST_VERSION" not in os.environ
STEP_AUTHORITY = "agencies.authority.authorize"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "agencies:login"
LOGIN_REDIRECT_URL = "agencies:home"
LOGOUT_REDIRECT_URL = "agencies:login"
# Five failures lock an account at an address for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "agencies.pages.entry.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "agencies.pages.acting.address_of"
# Half an hour without a sign of life ends a session; the page warns before (what was typed is kept as a draft).
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", "繁體中文"), ("en", "English")]
TIME_ZONE = "Asia/Taipei"
USE_TZ = True
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
BEHIND_TLS_PROXY = flag("BEHIND_TLS_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS_PROXY else None
# Requests for an agency are taken from its registered public addresses only.
ENFORCE_ADDRESSES = flag("ENFORCE_ADDRESSES") if "ENFORCE_ADDRESSES" in os.environ else PRODUCTION
X_FRAME_OPTIONS = "DENY"
# A voucher form brings some thousand fields; a list pasted from a spreadsheet a few megabytes.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# The card agent's window, of another origin, answers the page that opened it.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
CARD_AGENT_ORIGIN = os.environ.get("CARD_AGENT_ORIGIN", "http://127.0.0.1:61161")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, CARD_AGENT_ORIGIN],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["agencies.api.authentication.ClientAuthentication"],
    "DEFAULT_PARSER_CLASSES": ["treasury.core.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "treasury.core.api.openapi.OperationSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "treasury.core.api.problems.answer_of",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
# Requests of one client a minute, counted by each web process.
API_REQUESTS_PER_MINUTE = int(os.environ.get("API_REQUESTS_PER_MINUTE", "600"))
# Tokens asked for from one address, and by one client from anywhere, a minute; counted by the database.
API_TOKENS_PER_MINUTE = int(os.environ.get("API_TOKENS_PER_MINUTE", "30"))
OAUTH2_PROVIDER_APPLICATION_MODEL = "agencies.ApiClient"
OAUTH2_PROVIDER = {
    # Client credentials, nothing else.
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "agencies.oauth.ClientValidator",
    "SCOPES": {name: zh for name, (zh, _) in SCOPES.items()},
    "ACCESS_TOKEN_EXPIRE_SECONDS": int(os.environ.get("API_TOKEN_SECONDS", "3600")),
    # Tokens are stored as hashes and taken from the Authorization header alone.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "Treasury e-payment 庫款支付",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "POSTPROCESSING_HOOKS": ["treasury.core.api.openapi.complete"],
    "PREPROCESSING_HOOKS": ["treasury.core.api.openapi.of_the_api"],
    "DEFAULT_GENERATOR_CLASS": "drf_spectacular.generators.SchemaGenerator",
}
# A webhook may go to a machine of the same network or to plain HTTP while trying out only.
WEBHOOK_PRIVATE_ADDRESSES = not PRODUCTION
WEBHOOK_TIMEOUT_SECONDS = 10.0
# The whole of one attempt, however slowly the receiver answers.
WEBHOOK_DEADLINE_SECONDS = 20.0

# What nobody comes back to is cleaned away every night. A form is announced for so many days before it goes.
DRAFT_KEPT_DAYS = int(os.environ.get("DRAFT_KEPT_DAYS", "180"))
DRAFT_NOTICE_DAYS = int(os.environ.get("DRAFT_NOTICE_DAYS", "14"))
UPLOAD_KEPT_DAYS = int(os.environ.get("UPLOAD_KEPT_DAYS", "7"))
# Forms that one person may have begun and not sent.
DRAFTS_PER_PERSON = int(os.environ.get("DRAFTS_PER_PERSON", "200"))

# The agent bank and the card agent are processes outside ours; these say where they listen.
BANK_URL = required_in_production("BANK_URL", "http://127.0.0.1:8765")
BANK_TIMEOUT_SECONDS = float(os.environ.get("BANK_TIMEOUT_SECONDS", "30"))
CARD_SERVICE_URL = os.environ.get("CARD_SERVICE_URL", "http://127.0.0.1:61161")
# The library of a PKCS#11 module that keeps the keys of simulated cards; empty: encrypted files.
CARD_MODULE = os.environ.get("CARD_MODULE", "")
# The timestamp authority (RFC 3161): no signature is stored without its token.
TIMESTAMP_URL = required_in_production("TIMESTAMP_URL", "http://127.0.0.1:8318")
TIMESTAMP_TIMEOUT_SECONDS = float(os.environ.get("TIMESTAMP_TIMEOUT_SECONDS", "5"))
# The policy (an OID) under which its tokens must be made; empty: any.
TIMESTAMP_POLICY = os.environ.get("TIMESTAMP_POLICY", "")
# The keys that sign the heads of the transparency log, today's first; development makes one beside its books.
LOG_KEY = required_in_production("LOG_KEY", "")
LOG_KEY_FOLDER = Path(os.environ.get("EMBEDDED_DIR") or BASE_DIR / "var") / "books"
TREASURY_CODE = os.environ.get("TREASURY_CODE", "NTA")
TREASURY_NAME = os.environ.get("TREASURY_NAME", "財政部國庫署")

# Messages only wake workers; the truth is in PostgreSQL, so a lost or repeated message does no harm.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Whoever records news does not wait for a broker that is away: one try, the sweeper does the rest.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 5, "max_retries": 0}
CELERY_TASK_DEFAULT_QUEUE = os.environ.get("QUEUE_NAME", "epay")
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "treasury.sweep", "schedule": 5.0},
    "tell-changes": {"task": "treasury.tell_changes", "schedule": 2.0},
    "preview-findings": {"task": "treasury.preview_findings", "schedule": 20.0},
    "poll-bank": {"task": "treasury.poll_bank", "schedule": 10.0},
    "keep-log": {"task": "treasury.keep_log", "schedule": 300.0},
    "renew-lists": {"task": "treasury.renew_lists", "schedule": 600.0},
    "begin-day": {"task": "treasury.begin_day", "schedule": crontab(minute="5", hour="8-18")},
    # Every day, business day or not; the second time in case nobody was there the first.
    "notify-cards": {"task": "treasury.notify_cards", "schedule": crontab(minute="30", hour="6,12")},
    "clean": {"task": "treasury.clean", "schedule": crontab(minute="30", hour="2")},
    "end-day": {"task": "treasury.end_day", "schedule": crontab(minute="0", hour="19")},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
MASTER_ACCOUNT_NO = required_in_production("MASTER_ACCOUNT_NO", "00400000000018")
# Who pays a cheque, as printed on its face, and where things stand on it (a TOML file; empty: the shipped layout).
PAYING_INSTITUTION = os.environ.get("PAYING_INSTITUTION", "臺灣銀行公庫部")
CHEQUE_LAYOUT = os.environ.get("CHEQUE_LAYOUT", "")
# SHA-256 fingerprints of the anchors that signatures may rest on; empty: the first import pins what it finds.
TRUST_ANCHORS = os.environ.get("TRUST_ANCHORS", "").split(",")
# New revocation lists are taken from here (empty: by hand only); a list that ends within so many hours is due.
TRUST_FOLDER = os.environ.get("TRUST_FOLDER", "")
TRUST_WARNING_HOURS = int(os.environ.get("TRUST_WARNING_HOURS", "12"))
