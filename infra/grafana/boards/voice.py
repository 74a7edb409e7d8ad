"""Voice: calls, and how long learners wait for an answer."""

from infra.grafana.panels import Dashboard, Panel, Query
from infra.grafana.queries import quantiles, rate, slowest

VOICE = Dashboard(
    "avaaz-voice",
    "Avaaz: voice",
    (
        Panel("Calls open", (Query("max(avaaz_calls_open)"),), "none", stat=True),
        Panel("Turns a minute", (Query(f"{rate('avaaz_turns_kept_total')} * 60"),), "none", stat=True),
        Panel(
            "Voice to voice, median",
            (quantiles("avaaz_agent_voice_to_voice_seconds")[0],),
            "s",
            "From the learner's last sound to the first sound of the answer, as the agent measures it.",
            stat=True,
            amber=0.8,
            red=1.5,
        ),
        Panel(
            "Voice to voice, p95",
            (quantiles("avaaz_agent_voice_to_voice_seconds")[1],),
            "s",
            stat=True,
            amber=1.5,
            red=3.0,
        ),
        Panel("Voice to voice", quantiles("avaaz_agent_voice_to_voice_seconds"), "s"),
        Panel(
            "Voice to voice by what answered, p95",
            slowest("avaaz_agent_voice_to_voice_seconds", "answered_by"),
            "s",
        ),
        Panel(
            "Stages of a turn, p95",
            slowest("avaaz_agent_stage_seconds", "stage"),
            "s",
            "What makes up voice to voice; some stages overlap.",
        ),
        Panel(
            "From the end of speech to its words, at the model server",
            quantiles("avaaz_models_final_lag_seconds"),
            "s",
        ),
        Panel(
            "Calls opened a minute",
            (
                Query(
                    f"{rate('avaaz_calls_opened_total', 'resumed')} * 60",
                    "carried on after a lost connection: {{resumed}}",
                ),
            ),
            "none",
        ),
        Panel(
            "Calls closed a minute, by reason",
            (Query(f"{rate('avaaz_calls_closed_total', 'reason')} * 60", "{{reason}}"),),
            "none",
        ),
        Panel(
            "Participants and rooms",
            (
                Query("sum(livekit_participant_total)", "participants"),
                Query("sum(livekit_room_total)", "rooms"),
            ),
            "none",
        ),
        Panel(
            "Quality of connections, as LiveKit rates it",
            (
                Query(
                    f"{rate('livekit_quality_score_sum')} / {rate('livekit_quality_score_count')}",
                    "mean opinion score",
                ),
            ),
            "none",
            "From 1 (bad) to 5 (excellent).",
        ),
        Panel(
            "Webhooks waiting in LiveKit",
            (Query("max(livekit_webhook_queue_length)", "waiting"),),
            "none",
            "The API hears of rooms that end through these.",
        ),
    ),
)
