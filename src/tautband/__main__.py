"""`python -m tautband` is the command line."""

import sys

from tautband.cli.main import main

sys.exit(main())
