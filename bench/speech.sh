#!/bin/sh
# Makes the speech that the bench talks and scores. All of it is synthetic. Needs espeak-ng and sox.
set -eu
cd "$(dirname "$0")"
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
resources=src/main/resources/io/ringdown/bench

# For load: 20 s, 16 kHz, mono, mu-law.
espeak-ng -v en-us -s 165 -f floor/speech.txt -w "$raw/speech.wav"
sox "$raw/speech.wav" -t raw -r 16000 -c 1 -e mu-law -b 8 $resources/speech.ul gain -n -12 trim 1 20

# For scores: a talker a file: up to 4.5 s of speech and a pause, 24 kHz, mono, mu-law, over the quiet noise of a room.
talker() { # name, voice, words a minute, text
    espeak-ng -v "$2" -s "$3" -w "$raw/$1.wav" "$4"
    sox -R -n -r 24000 -c 1 "$raw/room.wav" synth 5.4 pinknoise gain -n -54
    sox -R "$raw/$1.wav" -r 24000 "$raw/dry.wav" gain -n -9 trim 0 4.3 pad 0.2
    sox -R -m -v 1 "$raw/dry.wav" -v 1 "$raw/room.wav" -t raw -e mu-law -b 8 "$resources/fidelity/$1.ul"
}
mkdir -p $resources/fidelity
talker english-man en-us 170 'Good morning. The harbour clock was seven minutes slow, and nobody on the quay had noticed it.'
talker english-woman en-gb+f3 160 'Could you please read the number back to me? It should be four, nine, three, zero, six.'
talker german-man de+m3 160 'Der Zug nach Hamburg fährt heute von Gleis sieben. Bitte achten Sie auf die Durchsage.'
talker french-woman fr+f2 165 'Je vous rappelle dans cinq minutes. Le dossier est sur la table, à côté de la fenêtre.'
talker spanish-woman es+f4 165 'Buenas tardes, quisiera cambiar mi cita del jueves por la mañana, si todavía es posible.'
talker mandarin-man cmn 150 '你好，请问今天下午三点的会议还在二楼的会议室吗？谢谢你。'
