// Stands in for the chunk that brings livekit-client: the scene says through `window.__room` what the room says.
const levels = { learner: 0.32, coach: 0.55 };

export class LiveKitCallRoom {
  constructor(events) {
    this.events = events;
    window.__room = this;
  }

  async connect() {
    if (window.__connects === false) await new Promise(() => undefined);
    if (window.__connects === "refused") throw new Error("could not establish pc connection");
  }

  async publishMicrophone() {}

  async setMuted() {}

  async sendMessage() {
    if (window.__sends === false) throw new Error("not sent");
  }

  async call() {
    return "";
  }

  async startSound() {}

  levels() {
    return levels;
  }

  async disconnect() {}

  coach(activity, answeredBy = "language_model", recording = null) {
    this.events.onAgent({ identity: "agent-1", activity, answeredBy, recording });
  }

  listened(by) {
    this.events.onListened(by);
  }

  says(segmentId, fromLearner, text, final = true) {
    this.events.onTranscription({ segmentId, fromLearner, text, final });
  }

  notices(code) {
    this.events.onNotice(JSON.stringify({ code, text: code }));
  }
}

export async function openMicrophone() {
  if (window.__microphone_refuses) throw new DOMException("refused", window.__microphone_refuses);
  return { stop() {} };
}
