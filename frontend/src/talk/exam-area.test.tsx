import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openVolume } from "@/i18n";
import { RPC_COMMAND, RPC_EXAM_DONE } from "@/lib/room";
import { type FakeOutside, fakeOutside } from "@/test/fakes";
import { TalkEngine } from "./engine";
import { ExamArea } from "./exam-area";
import { TalkProvider } from "./provider";
import type { ExamView } from "./shown";

const VIEW: ExamView = {
  attempt_id: "5f0c3c53-6f0a-4b7e-9a52-3c9f2f1f0d10",
  title: "Mock oral exam",
  state: "running",
  parts: [
    { key: "warm-up", title: "Warm-up", kind: "interview", scored: false, state: "done" },
    { key: "pictures", title: "Two pictures", kind: "long_turn", scored: true, state: "running" },
  ],
  phase: "speaking",
  phase_index: 3,
  remaining_s: 60,
  length_s: 60,
  paused: false,
  task_title: "Ways of learning",
  instructions: "Compare the two pictures.",
  points: ["What is different?"],
  visuals: [],
  may_finish: true,
};

let outside: FakeOutside;

async function inExam(view: Partial<ExamView> = {}): Promise<TalkEngine> {
  outside = fakeOutside();
  const engine = new TalkEngine(outside.ports);
  await engine.start();
  outside.room().coachArrives();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TalkProvider engine={engine}>
        <ExamArea />
      </TalkProvider>
    </QueryClientProvider>,
  );
  shows(view);
  return engine;
}

function shows(view: Partial<ExamView>): void {
  act(() => outside.room().events.onShown("exam", JSON.stringify({ ...VIEW, ...view })));
}

function passes(seconds: number): void {
  act(() => {
    vi.advanceTimersByTime(seconds * 1000);
  });
}

const clock = () => screen.getByTestId("exam-clock");

beforeEach(async () => {
  await openVolume("sitting");
  vi.useFakeTimers({ toFake: ["performance", "setInterval", "clearInterval", "Date"] });
});

afterEach(() => vi.useRealTimers());

describe("the exam's clock", () => {
  it("counts down by the steady clock, whatever the device's clock says", async () => {
    await inExam();
    passes(15);
    expect(clock()).toHaveTextContent("0:45");
    vi.setSystemTime(new Date(2030, 1, 1));
    passes(1);
    expect(clock()).toHaveTextContent("0:44");
  });

  it("is heard only at the beginning of a phase and shortly before its end", async () => {
    await inExam();
    const said = () => screen.getByTestId("exam-said").textContent;
    expect(said()).toContain("1 minute left.");
    passes(20);
    expect(said()).toContain("1 minute left.");
    passes(12);
    expect(said()).toContain("30 seconds left.");
    shows({ phase_index: 4, phase: "instructions", remaining_s: 18, length_s: 18 });
    expect(said()).toContain("Listen to the task. 18 seconds left.");
  });

  it("stands still while the examiner or the learner is away, and in preparation runs on", async () => {
    await inExam();
    passes(10);
    act(() => outside.room().coachLeaves());
    passes(1);
    act(() => {
      vi.advanceTimersByTime(1_000);
    });
    shows({ paused: true, remaining_s: 48 });
    passes(5);
    expect(clock()).toHaveTextContent("0:48");
    expect(screen.getByTestId("exam-phase")).toHaveTextContent("The clock stands still");
    shows({ phase: "preparation", remaining_s: 30 });
    passes(5);
    expect(clock()).toHaveTextContent("0:25");
  });
});

describe("the exam's buttons", () => {
  it("tell the examiner that the learner has finished, only where that may be", async () => {
    await inExam();
    vi.useRealTimers();
    await userEvent.click(screen.getByRole("button", { name: "I have finished" }));
    expect(outside.room().call).toHaveBeenCalledWith(RPC_EXAM_DONE, "", expect.any(Number));
    shows({ may_finish: false });
    expect(screen.queryByTestId("exam-done")).toBeNull();
  });

  it("ask for the question again in an interview", async () => {
    const parts = VIEW.parts.map((part) => ({ ...part, kind: "interview" as const }));
    await inExam({ parts, may_finish: false });
    vi.useRealTimers();
    await userEvent.click(screen.getByRole("button", { name: "Say the question again" }));
    expect(outside.room().call).toHaveBeenCalledWith(RPC_COMMAND, "repeat", expect.any(Number));
  });
});
