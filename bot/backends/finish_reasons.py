"""Why servers say that a reply ended, in the words of all protocols: gateways pass on each other's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from bot.backends.base import BackendError, Failure
from bot.domain.battle import FinishReason

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD_CHARS = 80
_NOT_YET = frozenset({"", "null", "none", "nil", "undefined", "unspecified", "unfinished", "in_progress"})
# Tool calls too: the bot offers no tools, so the text is all there is, or the reply is empty.
_NATURAL = frozenset(
    {
        *("stop", "eos", "eos_token", "end_turn", "stop_sequence", "stop_token", "complete", "completed"),
        *("end", "done", "normal", "finish", "finished", "true", "stop_str", "end_of_turn", "stopped"),
        *("tool_calls", "tool_call", "tool_use", "function_call"),
    }
)
_CUT_OFF = frozenset(
    {
        *("length", "max_tokens", "model_length", "model_context_window_exceeded", "max_output_tokens"),
        *("max_length", "max_new_tokens", "max_completion_tokens", "token_limit", "context_length", "limit"),
        *("context_length_exceeded", "incomplete", "pause_turn", "compaction", "max_model_len"),
        *("error_limit", "truncated", "repetition"),
    }
)
_FILTERED = frozenset(
    {
        *("content_filter", "content_filtered", "safety", "recitation", "blocklist", "prohibited_content"),
        *("spii", "image_safety", "language", "guardrail_intervened", "guardrails", "sensitive", "blocked"),
        *("error_toxic", "model_armor", "refusal", "image_prohibited_content", "image_recitation"),
    }
)
_STOPPED: Mapping[str, Failure] = {
    "insufficient_system_resource": Failure.OVERLOADED,
    **dict.fromkeys(
        (
            *("error", "abort", "aborted", "cancelled", "canceled", "cancel", "user_cancel", "other"),
            *("failed", "network_error", "internal_error", "server_error", "timeout", "interrupted"),
            *("unexpected_eof", "malformed_function_call", "malformed_response", "unexpected_tool_call"),
            *("image_other", "too_many_tool_calls", "missing_thought_signature", "no_image"),
            *("load", "unload", "preempted", "rate_limit", "rate_limited", "overloaded", "exception"),
        ),
        Failure.BROKE_OFF,
    ),
}


def understand(said: object) -> FinishReason | None:
    """Return what a server's word means; `None` where it says that the reply goes on.

    Raises `BackendError` where something else than the reply came to its end.
    """
    word = word_of(said)
    if word in _NOT_YET:
        return None
    if word in _FILTERED:
        raise BackendError(Failure.FILTERED, f"the provider's filter stopped the reply: {word}")
    failure = _STOPPED.get(word) or (Failure.BROKE_OFF if word.endswith(("_error", "_exception")) else None)
    if failure:
        raise BackendError(failure, f"the server gave up in the middle of the reply: {word}")
    if word in _NATURAL:
        return FinishReason.STOP
    return FinishReason.LENGTH if word in _CUT_OFF else FinishReason.UNKNOWN


def word_of(said: object) -> str:
    """Reduce `FINISH_REASON_MAX_TOKENS`, `maxTokens` and SGLang's `{"type": "max-tokens"}` to one form."""
    if isinstance(said, dict):
        given = cast("dict[str, object]", said)
        said = given.get("type") or given.get("reason") or "object"
    if said is None or said is False or said == 0:
        return ""
    if not isinstance(said, str | int | float):
        return "object"
    plain = "".join(filter(str.isprintable, str(said).strip()[:_WORD_CHARS]))
    word = re.sub(r"[\s.-]+|(?<=[a-z])(?=[A-Z])", "_", plain).lower()
    return re.sub(r"^(?:finish_?reason|stop_?reason)_", "", word)
