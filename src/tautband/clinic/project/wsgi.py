"""The door for servers such as waitress: `tautband.clinic.project.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tautband.clinic.project.settings")
application = get_wsgi_application()
