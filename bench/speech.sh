#!/bin/sh
# Makes the speech that the bench talks: 20 s, 16 kHz, mono, mu-law. Synthetic. Needs espeak-ng and sox.
set -eu
cd "$(dirname "$0")"
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
espeak-ng -v en-us -s 165 -f floor/speech.txt -w "$raw/speech.wav"
sox "$raw/speech.wav" -t raw -r 16000 -c 1 -e mu-law -b 8 src/main/resources/io/ringdown/bench/speech.ul gain -n -12 trim 1 20
