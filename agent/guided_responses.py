"""What `guided` says to a turn that is no answer: questions put back, manners, help with the open
question, wishes, hard words."""

from dataclasses import replace

from agent.guided_content import Content, compiled
from agent.guided_course import Course
from agent.guided_hearing import MAX_HEARD, Hearing
from agent.guided_memory import Memory, sentences
from agent.guided_reply import Reply, Turn
from agent.guided_wording import Wording


class Responses:
    """One method an intent of `prompts/guided/dialogue.yaml`, `_on_line` for those that one line answers."""

    def __init__(self, content: Content, hearing: Hearing, wording: Wording, course: Course) -> None:
        self._content = content
        self._manners = content.manners
        self._hearing = hearing
        self._wording = wording
        self._course = course

    def reply(self, turn: Turn) -> Reply:
        """The reply to what the turn was taken for."""
        handler = getattr(self, f"_on_{turn.heard.intent}", None)
        made: Reply = handler(turn) if handler else self._on_line(turn)
        return made

    def goodbye(self, turn: Turn) -> Reply:
        """The last words, with something of what was talked about; a second goodbye is short."""
        memory = turn.memory
        if memory.closed:
            again = tuple(sentences(self._wording.line(turn, "close_again")))
            return Reply(again, "close", "goodbye", source="line")
        said = [self._wording.line(turn, "close")]
        topic, kin = self._course.main_topic(memory), self._kin(memory)
        if kin:
            said.append(self._wording.line(turn, "close_kin").format(kin=kin))
        elif topic:
            said.append(self._wording.line(turn, "close_topic").format(topic=topic))
        last = self._wording.line(turn, "close_name" if memory.name else "close_end")
        said.extend(sentences(last.format(name=memory.name)))
        return Reply(tuple(said), "close", "goodbye", "warm", source="line")

    def _on_distress(self, turn: Turn) -> Reply:
        said = tuple(sentences(self._wording.line(turn, "distress")))
        return Reply(said, "care", "distress", "grave", source="line")

    def _on_rude(self, turn: Turn) -> Reply:
        lines = self._manners.lines["rude"]
        times = self._wording.lines_said(turn, "rude")
        turn.said.extend(sentences(lines[min(times, len(lines) - 1)]))
        if times:
            return Reply(tuple(turn.said), "boundary", "rude", source="line")
        return self._course.back(turn, "boundary", "rude")

    def _on_no_questions(self, turn: Turn) -> Reply:
        first = self._manners.lines["no_questions"][0]
        line = first if self._wording.is_fresh(turn, first) else self._wording.line(turn, "no_questions_more")
        return Reply(tuple(sentences(line)), "boundary", "no_questions", source="line")

    def _on_repeat(self, turn: Turn) -> Reply:
        turn.said.extend(sentences(self._wording.line(turn, "repeat")))
        if turn.memory.asked_for_more:
            return Reply((*turn.said, turn.memory.more), "rephrase", "repeat", source="line")
        key, rung = turn.memory.current, turn.memory.rung
        if key is None:
            return self._course.next(turn, "rephrase", "repeat")
        repeated = turn.memory.repeats >= 1
        return self._course.put(
            turn, key, "again" if repeated and rung == "ask" else rung, "rephrase", "repeat"
        )

    def _on_slower(self, turn: Turn) -> Reply:
        turn.said.append(self._wording.line(turn, "slower"))
        if turn.memory.asked_for_more:
            return Reply((*turn.said, turn.memory.more), "rephrase", "slower", source="line")
        key = turn.memory.current
        if key is None:
            return self._course.next(turn, "rephrase", "slower")
        return self._course.put(turn, key, "again", "rephrase", "slower")

    def _on_confused(self, turn: Turn) -> Reply:
        leads = {"again": "confused", "example": "example", "choice": "choice"}
        return self._course.climb(turn, "confused", leads)

    def _on_dont_know(self, turn: Turn) -> Reply:
        turn.said.append(self._wording.line(turn, "dont_know"))
        return self._course.climb(turn, "dont_know", {"example": "", "choice": ""}, least="example", most=1)

    def _on_noise(self, turn: Turn) -> Reply:
        turn.said.append(self._wording.line(turn, "noise"))
        return self._course.back(turn, "rephrase", "noise", lead=False)

    def _on_foreign(self, turn: Turn) -> Reply:
        turn.said.extend(sentences(self._wording.line(turn, "foreign")))
        return self._course.back(turn, "rephrase", "foreign", lead=False)

    def _on_meaning(self, turn: Turn) -> Reply:
        match = self._hearing.matches("meaning", turn.heard.plain)
        word = next((group for group in match.groups() if group), "") if match else ""
        if word in ("it", "that", "this", "you"):
            return self._on_confused(turn)
        known = self._manners.meanings.get(word)
        turn.said.append(self._wording.line(turn, "meaning"))
        turn.said.extend(sentences(known or self._wording.line(turn, "meaning_unknown")))
        return self._course.back(turn, "ask_back", "meaning", lead=False)

    def _on_goodbye(self, turn: Turn) -> Reply:
        return self.goodbye(turn)

    def _on_question(self, turn: Turn) -> Reply:
        answer, known = self._answer(turn)
        turn.said.extend(sentences(answer))
        if turn.memory.unanswered and not turn.heard.and_you:
            return self._course.back(turn, "ask_back", "question", lead=known)
        return replace(self._course.next(turn, "ask_back", "question"), source="line")

    def _on_hello(self, turn: Turn) -> Reply:
        turn.said.extend(sentences(self._wording.line(turn, "hello")))
        return self._course.back(turn, "social", "hello")

    def _on_thanks(self, turn: Turn) -> Reply:
        turn.said.append(self._wording.line(turn, "thanks"))
        return self._course.back(turn, "social", "thanks")

    def _on_told(self, turn: Turn) -> Reply:
        turn.said.append(self._wording.line(turn, "told"))
        return self._course.next(turn, "social", "told")

    def _on_continue(self, turn: Turn) -> Reply:
        turn.said.extend(sentences(self._wording.line(turn, "continue")))
        return self._course.back(turn, "social", "continue", lead=False)

    def _on_wait(self, turn: Turn) -> Reply:
        return Reply(tuple(sentences(self._wording.line(turn, "wait"))), "wait", "wait", source="line")

    def _on_change(self, turn: Turn) -> Reply:
        wished = self._course.wished(turn)
        personal = compiled("personal|private|secret|none of your business|want to (?:answer|say)").search(
            turn.heard.plain
        )
        turn.said.extend(sentences(self._wording.line(turn, "change_personal" if personal else "change")))
        if personal and not wished:
            return self._course.next(turn, "topic", "change")
        return self._course.enter(turn, wished or self._course.fresh_topic(turn), "change")

    def _on_line(self, turn: Turn) -> Reply:
        """Intents that one line answers before the talk goes back to its question."""
        turn.said.extend(sentences(self._wording.line(turn, turn.heard.intent)))
        return self._course.back(turn, "ask_back", turn.heard.intent)

    def _answer(self, turn: Turn) -> tuple[str, bool]:
        """The coach's answer to what the learner asked, and whether it knew one."""
        if turn.heard.and_you and not turn.heard.plain:
            return self._wording.pick(turn, self._content.topic(turn.memory.current).and_you, "and_you"), True
        for asked in self._manners.asked:
            if compiled(asked.when).search(turn.heard.plain):
                return self._wording.pick(turn, asked.say, "asked"), True
        return self._wording.line(turn, "unknown_question"), False

    def _kin(self, memory: Memory) -> str | None:
        """Somebody of whom the learner spoke, and not with sorrow."""
        told = self._hearing.heard(memory.learner_words[:MAX_HEARD])
        return None if memory.avoid else told.slot("kin")
