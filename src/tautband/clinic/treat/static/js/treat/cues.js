// Sounds, spoken cues, a screen that stays awake, and words heard: each only where the device does it by itself.

let audio;

/** A short soft tone; `high` for a beat that ended, low for a limit. Needs one touch first, as browsers want it. */
export function chime(hz = 660, seconds = 0.18) {
  try {
    audio ??= new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hz;
    volume.gain.setValueAtTime(0.0001, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.25, audio.currentTime + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + seconds);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + seconds);
  } catch {
    audio = undefined; // no sound on this device: the screen says the same
  }
}

/** A voice that speaks on this device, in this language; null where there is none. Voices of a network are never used. */
export function localVoice() {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  const language = document.documentElement.lang.slice(0, 2);
  return voices.find((voice) => voice.localService && voice.lang.startsWith(language)) ?? null;
}

export function speak(words) {
  const voice = localVoice();
  if (!voice || !words) return;
  const said = new SpeechSynthesisUtterance(words);
  said.voice = voice;
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
}

/** Keep the screen awake while the page is seen. */
export function stayAwake() {
  const ask = () => document.visibilityState === "visible" && navigator.wakeLock?.request("screen").catch(() => null);
  ask();
  document.addEventListener("visibilitychange", ask);
}

/** Says once when the battery is low. */
export async function watchBattery(low) {
  const battery = await navigator.getBattery?.().catch(() => null);
  if (!battery) return;
  const look = () => battery.level < 0.15 && !battery.charging && low(Math.round(battery.level * 100));
  look();
  battery.addEventListener("levelchange", look, { once: true });
}

const NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** What was meant: {number}, {act}, or null. */
export function meaning(heard) {
  const words = heard.toLowerCase().replace(/[^a-z0-9 ]/g, " ").split(/\s+/);
  if (words.includes("pause")) return { act: "pause" };
  if (words.includes("stop")) return { act: "stop" };
  if (words.includes("done") || words.includes("next")) return { act: "go" };
  for (const word of words.reverse()) {
    const number = /^(10|[0-9])$/.test(word) ? Number(word) : NUMBERS.indexOf(word);
    if (number >= 0) return { number };
  }
  return null;
}

/** A listener that recognises on this device alone; null where the browser cannot promise that. */
export async function localListener(hear) {
  const Recognition = globalThis.SpeechRecognition;
  if (!Recognition?.available || !("processLocally" in Recognition.prototype)) return null;
  const langs = [document.documentElement.lang === "en" ? "en-US" : document.documentElement.lang];
  const found = await Recognition.available({ langs, processLocally: true }).catch(() => "unavailable");
  if (found !== "available") return null;
  const listener = new Recognition();
  Object.assign(listener, { processLocally: true, continuous: true, lang: langs[0] });
  listener.addEventListener("result", (event) => hear(event.results[event.results.length - 1][0].transcript));
  return listener;
}
