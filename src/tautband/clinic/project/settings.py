"""Settings of the workbench: one module, safe by default.

Read from the environment: `TAUTBAND_HOME` (data folder), `TAUTBAND_HOSTS` (extra host names, comma separated) and
`TAUTBAND_HTTPS=1` (the server is reached over HTTPS only: secure cookies, HSTS, redirect). There is no debug switch:
errors go to the log and standard error, never to the page. `TAUTBAND_DATABASE=postgresql://...` keeps the records in
PostgreSQL instead of a file in the data folder. `TAUTBAND_VAULT` names a file with the passphrase of a closed
record. `TAUTBAND_MAIL_SERVER`, `TAUTBAND_MAIL_FROM` and `TAUTBAND_PUBLIC_URL` let mails leave; without them they are
written as files.
"""

import os
from importlib.resources import files

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tautband.clinic.project.database import postgresql, sqlite
from tautband.clinic.project.home import home_folder, secret_key
from tautband.clinic.project.mail import mail_settings

HOME = home_folder()
SECRET_KEY = secret_key(HOME)
DEBUG = False

HTTPS = os.environ.get("TAUTBAND_HTTPS") == "1"
LAN = os.environ.get("TAUTBAND_LAN", "")  # set by `serve --lan`: secure address, trust page, fingerprint
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [*LOCAL_HOSTS, *filter(None, os.environ.get("TAUTBAND_HOSTS", "").split(","))]

# Rooms of the clinic, lowest floor last.
ROOMS = [
    "keeping",
    "portal",
    "pages",
    "directory",
    "letters",
    "programme",
    "treat",
    "treatments",
    "episodes",
    "measures",
    "intake",
    "diary",
    "attachments",
    "library",
    "charts",
    "doors",
    "people",
    "audit",
    "errands",
    "sealing",
]
INSTALLED_APPS = [
    "tautband.clinic.project",
    *(f"tautband.clinic.{room}" for room in ROOMS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # right after security: static files skip everything below
    "tautband.clinic.doors.middleware.SecureOverTls",
    "django.middleware.gzip.GZipMiddleware",  # pages shrink to a third; adds random bytes against BREACH
    "csp.middleware.CSPMiddleware",
    "tautband.clinic.project.middleware.PrivateByDefault",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "tautband.clinic.project.middleware.LocalTime",
    "tautband.clinic.project.middleware.PageForEveryRefusal",
    "tautband.clinic.project.middleware.SizeLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tautband.clinic.project.middleware.SignInRequired",
    "tautband.clinic.people.middleware.KnowTheMember",
    "tautband.clinic.people.lock.LockWhenIdle",
    "tautband.clinic.people.second_step.AskForSecondStep",
    "tautband.clinic.people.reads.WriteDownReads",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "tautband.clinic.project.urls"
WSGI_APPLICATION = "tautband.clinic.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tautband.clinic.project.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "tautband.clinic.project.templatetags.tb"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- Records -----------------------------------------------------------------------------------------------------
DATABASE = os.environ.get("TAUTBAND_DATABASE", "")
DATABASES = {"default": postgresql(DATABASE) if DATABASE else sqlite(HOME / "tautband.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, so that rate limits hold across processes.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "tautband_cache"},
}
# Keys of sealed columns and files, outside the database; a clinic may keep them on another disk.
SEALING_KEYS = os.environ.get("TAUTBAND_SEALING_KEYS") or HOME / "sealing.keys"
# What is done later is queued in the same database, so nothing queued is lost; `errands` adds once, retry and period.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
UPLOAD_MAX_BYTES = 64_000_000  # of one form with files; what one file may have is the matter of its room
FILE_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_MAX_BYTES  # an uploaded photo never touches the disk before it is sealed
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes in one form; more gets a page that says so

# --- Words and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Mail --------------------------------------------------------------------------------------------------------
# Until a mail server is named, mails are written as files into the data folder and nothing leaves this computer.
MAIL_SERVER = os.environ.get("TAUTBAND_MAIL_SERVER", "")  # smtp://user:password@host:587, or smtps://...:465
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_TIMEOUT = 20
globals().update(mail_settings(MAIL_SERVER))
DEFAULT_FROM_EMAIL = os.environ.get("TAUTBAND_MAIL_FROM", "practice@localhost")
TEXT_HOOK = os.environ.get("TAUTBAND_TEXT_HOOK", "")  # module.function(phone, words) of the practice's own
PUBLIC_URL = os.environ.get("TAUTBAND_PUBLIC_URL", "").rstrip("/")  # under which clients reach us: links in mails

# --- Static files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [
    ("surface", str(files("tautband.surface") / "data" / "figures"))
]  # /static/surface/figure-<name>.bin
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "media"

# --- Who are you -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people:today"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # seconds a set-password link stays good
ACCOUNT_ADAPTER = "tautband.clinic.people.adapter.ClosedAccountAdapter"
ACCOUNT_RATE_LIMITS = {
    "unlock_pin": "5/h/user",  # six digits: then it takes the password
    "client_link": "20/h/ip,3/15m/key",  # somebody asks for a link to their own page
    "upload": "40/10m/user",  # forms with photos or documents; each holds several
    "client_answer": "30/h/ip",  # and answers its second question
    "public_form": "20/h/ip",  # comments and newsletter
}
ACCOUNT_FORMS = {
    "login": "tautband.clinic.people.forms.SignInForm",
    "change_password": "tautband.clinic.people.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "tautband.clinic.people.adapter.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "tautband.clinic.people.forms.CodeForm",
    "reauthenticate": "tautband.clinic.people.forms.CodeAgainForm",
    "activate_totp": "tautband.clinic.people.forms.ActivateAppForm",
    "add_webauthn": "tautband.clinic.people.forms.AddPasskeyForm",
    "edit_webauthn": "tautband.clinic.people.forms.RenamePasskeyForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nothing is mailed from here, so no address is ever verified
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tautband"
MFA_TOTP_TOLERANCE = 1  # half a minute either way: phones and computers differ

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_NAME = "tautband_session"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "tautband_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "tautband.clinic.project.errors.stale_form"

# --- Headers -----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS

# --- Log ---------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "tautband": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
