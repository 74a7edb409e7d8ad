/** Which microphone this device uses; calls and the microphone check share the choice. */

import { recall, remember } from "./store";

const KEY = "avaaz.microphone";

export function chosenMicrophone(): string | null {
  return recall("local", KEY);
}

export function chooseMicrophone(deviceId: string | null): void {
  remember("local", KEY, deviceId);
}

/** What is asked of the browser: the chosen microphone where it is still there, cleaned of echo and noise. */
export function microphoneConstraints(deviceId: string | null = chosenMicrophone()) {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(deviceId === null ? {} : { deviceId: { ideal: deviceId } }),
  };
}
