# Finds a Python of at least 3.11 and runs the given door of setup.py with it. Sourced by serve, test and tautband.
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
python=
for name in ${TAUTBAND_PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
  if command -v "$name" >/dev/null 2>&1 && fits "$name"; then python=$name; break; fi
done
if [ -z "$python" ]; then
  found=$(command -v python3 >/dev/null 2>&1 && python3 --version 2>&1 || echo "no Python")
  echo "Tautband needs Python 3.11 or newer; this machine has $found." >&2
  echo "Install a newer Python, or set TAUTBAND_PYTHON to one that is already there, and try again." >&2
  exit 3
fi
