// Loudness of everything the page plays, sampled every 20 ms: `__ear.loudest(since)`, `__ear.quietFor()`.
(() => {
  const SOUND = 0.01;
  const context = new AudioContext();
  const meters = new Map();
  const samples = [];
  let lastSound = -Infinity;

  const meterOf = (element) => {
    const stream = element.srcObject;
    if (!(stream instanceof MediaStream) || stream.getAudioTracks().length === 0) return null;
    const known = meters.get(element);
    if (known?.stream === stream) return known.analyser;
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    meters.set(element, { stream, analyser });
    return analyser;
  };

  const rmsOf = (analyser) => {
    const data = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(data);
    return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
  };

  setInterval(() => {
    let rms = 0;
    for (const element of document.querySelectorAll("audio")) {
      const analyser = meterOf(element);
      if (analyser !== null) rms = Math.max(rms, rmsOf(analyser));
    }
    const now = performance.now();
    samples.push([now, rms]);
    if (rms > SOUND) lastSound = now;
  }, 20);

  window.__ear = {
    now: () => performance.now(),
    loudest: (since, until = Infinity) =>
      samples.reduce((most, [at, rms]) => (at >= since && at < until ? Math.max(most, rms) : most), 0),
    quietFor: () => performance.now() - lastSound,
    firstSoundAfter: (since) => samples.find(([at, rms]) => at > since && rms > SOUND)?.[0] ?? null,
  };
})();
