// A microphone the test speaks into: `__microphone.say(base64 of an audio file)` settles when it has been said.
(() => {
  let context = null;
  let out = null;

  const open = () => {
    if (context === null) {
      context = new AudioContext({ sampleRate: 48_000 });
      out = context.createMediaStreamDestination();
      const hum = context.createOscillator(); // a source that never ends, far below hearing
      const level = context.createGain();
      level.gain.value = 0.0003;
      hum.connect(level).connect(out);
      hum.start();
    }
    return out.stream.clone();
  };

  navigator.mediaDevices.getUserMedia = async () => open();

  window.__microphone = {
    say: async (base64) => {
      open();
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const source = context.createBufferSource();
      source.buffer = await context.decodeAudioData(bytes.buffer);
      source.connect(out);
      const ended = new Promise((resolve) => source.addEventListener("ended", resolve));
      source.start();
      await ended;
      return performance.now();
    },
  };
})();
