#!/usr/bin/env python3
"""Makes the sample call: call.wav (8 kHz, 16 bit, mono) and words.json (words with speakers and times).

Needs only Python 3 and libespeak-ng (Debian: `apt install espeak-ng`); the output is deterministic. Two voices
alternate. The word times are the synthesiser's word events, trimmed to the audible part of each word. The mix
is band-limited like a telephone line and contains low comfort noise, which makes every 4 ms unique: the
simulated recogniser locates audio in the call by that.
"""

import array
import ctypes
import json
import math
import pathlib
import random
import re
import wave

RATE = 8000
NOISE_SIGMA = 14.0  # about -67 dBFS
PAUSES_MS = (450, 620, 380, 700, 540, 410, 780, 500, 340, 660)
LEAD_MS, TAIL_MS = 600, 900
SILENT = 0.012  # of full scale: samples below this are not part of a word

AGENT, CUSTOMER = 0, 1
VOICES = {
    AGENT: {"name": b"en-us+f2", "rate": 168, "pitch": 58, "range": 62, "gain": 0.42},
    CUSTOMER: {"name": b"en+m3", "rate": 158, "pitch": 36, "range": 48, "gain": 0.34},
}

DIALOGUE = [
    (AGENT, "Thank you for calling Sahyadri Broadband, this is Meera. How can I help you today?"),
    (CUSTOMER, "Hello Meera. My internet has been down since yesterday evening."),
    (CUSTOMER, "The router is on, but one light stays red."),
    (AGENT, "I am sorry to hear that. May I have your customer number, please?"),
    (CUSTOMER, "Yes, it is four seven two, nine one six."),
    (AGENT, "Thank you, Mister Nair. One moment, I am testing your line."),
    (AGENT, "A fibre cable was cut near your street, and our engineers are already there."),
    (CUSTOMER, "When will it work again? I work from home, and I have a meeting at three."),
    (AGENT, "It should be back before two o'clock this afternoon."),
    (CUSTOMER, "All right. Can I get some money back for the lost day?"),
    (AGENT, "Certainly. I have added two days of credit to your next bill."),
    (CUSTOMER, "That is kind. Please send me a message when the line is up."),
    (AGENT, "I will. You get a text message the moment it is repaired."),
    (AGENT, "Is there anything else I can do for you?"),
    (CUSTOMER, "No, that is everything. Thank you for your help."),
    (AGENT, "You are welcome, Mister Nair. Have a good day, goodbye!"),
    (CUSTOMER, "Goodbye."),
]


class EventId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", EventId),
    ]


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
LIST_TERMINATED, WORD = 0, 1
RETRIEVAL, CHARS_UTF8 = 1, 1
PARAMETER_RATE, PARAMETER_PITCH, PARAMETER_RANGE = 1, 3, 4


class Synthesiser:
    """espeak-ng in its retrieval mode: text in, samples and word events out."""

    def __init__(self):
        self.library = ctypes.CDLL("libespeak-ng.so.1")
        self.rate = self.library.espeak_Initialize(RETRIEVAL, 0, None, 0)
        if self.rate <= 0:
            raise SystemExit("espeak-ng does not start: is its data installed?")
        self.samples, self.words = array.array("h"), []
        self.callback = CALLBACK(self._take)
        self.library.espeak_SetSynthCallback(self.callback)

    def _take(self, samples, count, events):
        if samples and count > 0:
            self.samples.extend(samples[:count])
        index = 0
        while events[index].type != LIST_TERMINATED:
            if events[index].type == WORD:
                self.words.append((events[index].text_position - 1, events[index].sample))
            index += 1
        return 0

    def speak(self, voice, text):
        """The samples (floats of full scale) and, per word of the text, its first and last sample."""
        self.samples, self.words = array.array("h"), []
        if self.library.espeak_SetVoiceByName(voice["name"]) != 0:
            raise SystemExit(f"espeak-ng has no voice {voice['name'].decode()}")
        for parameter, key in ((PARAMETER_RATE, "rate"), (PARAMETER_PITCH, "pitch"), (PARAMETER_RANGE, "range")):
            self.library.espeak_SetParameter(parameter, voice[key], 0)
        encoded = text.encode()
        self.library.espeak_Synth(encoded, len(encoded) + 1, 0, 1, 0, CHARS_UTF8, None, None)
        self.library.espeak_Synchronize()
        sound = [sample / 32768 for sample in self.samples]
        return sound, self._spans(text, sound)

    def _spans(self, text, sound):
        """Splits an event that covers several words ("has been") in proportion to their letters."""
        events = dict(self.words)
        words = [(match.start(), len(match.group())) for match in re.finditer(r"\S+", text)]
        heads = [index for index, (position, _) in enumerate(words) if position in events]
        if heads[0] != 0:
            raise SystemExit(f"no event for the first word of: {text}")
        spans = []
        for head, following in zip(heads, heads[1:] + [len(words)]):
            last = events[words[following][0]] if following < len(words) else len(sound)
            first, last = trimmed(sound, events[words[head][0]], last)
            letters, done = sum(length for _, length in words[head:following]), 0
            for _, length in words[head:following]:
                begin, done = first + (last - first) * done // letters, done + length
                spans.append((begin, first + (last - first) * done // letters))
        return spans


def trimmed(sound, first, last):
    loud = [index for index in range(first, min(last, len(sound))) if abs(sound[index]) > SILENT]
    return (loud[0], loud[-1] + 1) if loud else (first, last)


def resampled(sound, rate):
    """Resamples to 8 kHz with a low-pass of 3.4 kHz (windowed sinc)."""
    cutoff, half = 3400 / rate, 48
    out = []
    for index in range(int(len(sound) * RATE / rate)):
        centre = index * rate / RATE
        nearest, total = int(centre), 0.0
        for tap in range(max(0, nearest - half), min(len(sound), nearest + half + 1)):
            distance = tap - centre
            window = 0.5 + 0.5 * math.cos(math.pi * distance / (half + 1))
            angle = 2 * math.pi * cutoff * distance
            total += sound[tap] * window * 2 * cutoff * (math.sin(angle) / angle if distance else 1.0)
        out.append(total)
    return out


def high_pass(sound, frequency=300.0):
    """Second-order Butterworth high-pass at 8 kHz."""
    omega = 2 * math.pi * frequency / RATE
    alpha, cosine = math.sin(omega) / math.sqrt(2), math.cos(omega)
    b0, a0 = (1 + cosine) / 2, 1 + alpha
    x1 = x2 = y1 = y2 = 0.0
    out = []
    for x in sound:
        y = (b0 * x - 2 * b0 * x1 + b0 * x2 + 2 * cosine * y1 - (1 - alpha) * y2) / a0
        x2, x1, y2, y1 = x1, x, y1, y
        out.append(y)
    return out


def bare(word):
    return re.sub(r"[^\w']", "", word).lower()


def seconds(sample):
    return round(sample / RATE, 6)


def main():
    synthesiser = Synthesiser()
    line, utterances = [0.0] * (LEAD_MS * RATE // 1000), []
    for turn, (speaker, text) in enumerate(DIALOGUE):
        voice = VOICES[speaker]
        sound, spans = synthesiser.speak(voice, text)
        scale = RATE / synthesiser.rate
        first, last = spans[0][0], spans[-1][1]
        voiced = high_pass(resampled(sound[first:last], synthesiser.rate))
        peak = max(abs(sample) for sample in voiced)
        begin = len(line)
        line.extend(sample * voice["gain"] / peak for sample in voiced)
        words = [
            {
                "word": bare(word),
                "punctuated": word,
                "start": seconds(begin + round((start - first) * scale)),
                "end": seconds(min(len(line), begin + round((end - first) * scale))),
            }
            for word, (start, end) in zip(text.split(), spans)
        ]
        utterances.append({"speaker": speaker, "start": words[0]["start"], "end": words[-1]["end"], "words": words})
        pause = TAIL_MS if turn == len(DIALOGUE) - 1 else PAUSES_MS[turn % len(PAUSES_MS)]
        line.extend([0.0] * (pause * RATE // 1000))

    noise = random.Random(20261122)
    pcm = array.array("h", (round(max(-1, min(1, s)) * 32767 + noise.gauss(0, NOISE_SIGMA)) for s in line))
    write(pcm, utterances)


def write(pcm, utterances):
    folder = pathlib.Path(__file__).parent.parent / "src/main/resources/sample-call"
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / "call.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(pcm.tobytes())
    lines = []
    for utterance in utterances:
        head = {key: utterance[key] for key in ("speaker", "start", "end")}
        words = ",\n   ".join(json.dumps(word) for word in utterance["words"])
        lines.append(json.dumps(head)[:-1] + ', "words": [\n   ' + words + "]}")
    text = '{"seconds": %s, "utterances": [\n ' % seconds(len(pcm)) + ",\n ".join(lines) + "\n]}\n"
    (folder / "words.json").write_text(text)
    count = sum(len(utterance["words"]) for utterance in utterances)
    print(f"{folder}: {seconds(len(pcm))} s, {len(utterances)} utterances, {count} words")


if __name__ == "__main__":
    main()
