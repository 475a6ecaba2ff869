"""Management commands: `python -m tautband.clinic.project prepare`."""

import os
import sys

from django.core.management import execute_from_command_line

from tautband.clinic.vault import VaultNotOpen

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tautband.clinic.project.settings")
    try:
        execute_from_command_line(sys.argv)
    except VaultNotOpen as error:
        sys.exit(str(error))
