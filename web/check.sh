#!/bin/sh
# What CI asks of the islands: types, unit tests, and that the committed bundle is what the sources build to.
# Needs npm; where Node is older than 20.19, Node itself is taken from npm for this run. Users need none of it.
set -eu
cd "$(dirname -- "$0")"
islands=../src/tautband/clinic/project/static/islands

inside() {
  if node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    sh -c "$1"
  else
    npm exec --yes --package=node@22 -- sh -c "$1"
  fi
}

npm ci --silent
kept=$(mktemp -d)
cp "$islands"/*.js "$kept"
inside 'npm run --silent build && npm test --silent'
for file in "$kept"/*.js; do
  cmp "$file" "$islands/$(basename "$file")" || {
    echo "The committed bundle is not what web/src builds to. Run: cd web && npm ci && npm run build, and commit." >&2
    exit 1
  }
done
rm -r "$kept"
