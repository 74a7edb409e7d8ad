import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { openVolume } from "@/i18n";
import { RPC_COMMAND } from "@/lib/room";
import { type FakeOutside, fakeOutside } from "@/test/fakes";
import { CommandBar, LessonArea } from "./classroom";
import { TalkEngine } from "./engine";
import { TalkProvider } from "./provider";
import type { LessonView } from "./shown";

const LESSON: LessonView = {
  title: "Hello, my name is",
  goal: "You can say who you are.",
  steps: [
    { key: "hello", title: "Say hello", state: "done" },
    { key: "name", title: "Name and country", state: "running" },
  ],
  instructions: "Say your name and where you are from.",
  criteria: [
    { key: "name", says: "Say your name.", met: false },
    { key: "country", says: "Say where you are from.", met: false },
  ],
  phrases: ["I'm from Peru."],
  state: "running",
};

let outside: FakeOutside;

async function inCall(): Promise<TalkEngine> {
  outside = fakeOutside();
  const engine = new TalkEngine(outside.ports);
  await engine.start();
  outside.room().coachArrives();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TalkProvider engine={engine}>
        <LessonArea />
        <CommandBar />
      </TalkProvider>
    </QueryClientProvider>,
  );
  return engine;
}

function shows(lesson: LessonView): void {
  act(() => outside.room().events.onShown("lesson", JSON.stringify(lesson)));
}

const asked = () => outside.room().call.mock.calls.filter(([method]) => method === RPC_COMMAND);

beforeEach(() => openVolume("classroom"));

describe("a lesson beside the words", () => {
  it("shows the running step and says each goal that is reached, once", async () => {
    await inCall();
    shows(LESSON);
    expect(screen.getByText(LESSON.instructions ?? "")).toBeInTheDocument();
    expect(screen.getByTestId("goal-reached")).toBeEmptyDOMElement();
    const [name, country] = LESSON.criteria;
    if (name === undefined || country === undefined) throw new Error("two goals");
    shows({ ...LESSON, criteria: [{ ...name, met: true }, country] });
    expect(screen.getByTestId("goal-reached")).toHaveTextContent("Goal reached: Say your name.");
    const goals = screen.getByRole("list", { name: "Goals of this step" });
    expect(within(goals).getByText("reached")).toBeInTheDocument();
  });

  it("is gone before it began, and stays to say that it is over", async () => {
    await inCall();
    expect(screen.queryByTestId("lesson-area")).toBeNull();
    shows({ ...LESSON, instructions: null, criteria: [], state: "completed" });
    expect(screen.getByTestId("lesson-over")).toHaveTextContent("Lesson completed.");
  });
});

describe("the commands", () => {
  it("ask the coach by button and by key", async () => {
    await inCall();
    await userEvent.click(screen.getByRole("button", { name: "Hint" }));
    await userEvent.keyboard("{Alt>}l{/Alt}");
    expect(asked().map(([, payload]) => payload)).toEqual(["hint", "slower"]);
  });

  it("are of a lesson only in a lesson, and stopping one takes a second press", async () => {
    await inCall();
    expect(screen.queryByRole("button", { name: "Skip" })).toBeNull();
    shows(LESSON);
    await userEvent.click(screen.getByRole("button", { name: "Stop" }));
    expect(asked()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Really stop?" }));
    expect(asked().map(([, payload]) => payload)).toEqual(["stop"]);
  });

  it("say so where the coach does not hear them", async () => {
    await inCall();
    outside.room().call.mockRejectedValueOnce(new Error("no coach"));
    await userEvent.click(screen.getByRole("button", { name: "Repeat" }));
    expect(await screen.findByText("The coach did not hear that. Please try again.")).toBeInTheDocument();
  });
});
