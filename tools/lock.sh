#!/bin/sh
# Rewrites the locks from pyproject.toml: exact versions with hashes, no addresses. Needs `uv` on the path.
set -eu
cd "$(dirname -- "$0")/.."
lock() { uv pip compile -q --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header --no-annotate "$@"; }
lock pyproject.toml -o requirements/core.txt
lock --extra dev --extra assets -c requirements/core.txt pyproject.toml -o requirements/dev.txt
