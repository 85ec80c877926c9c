"""Well-known APIs and model servers: where each listens, and which protocol it speaks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """An API whose address and protocol need not be typed.

    `id` stays the same, for it may stand in a form. `key_env` is the environment variable in which the
    provider's own documentation keeps the key; a server on one's own machine needs none.
    """

    id: str
    name: str
    protocol: str
    base_url: str
    key_env: str | None = None

    @property
    def is_local(self) -> bool:
        return self.key_env is None


PROVIDERS = (
    Provider("openai", "OpenAI", "openai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
    Provider("anthropic", "Anthropic", "anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY"),
    Provider(
        "gemini", "Google Gemini", "gemini", "https://generativelanguage.googleapis.com", "GEMINI_API_KEY"
    ),
    Provider("openrouter", "OpenRouter", "openai", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    Provider("mistral", "Mistral", "openai", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    Provider("groq", "Groq", "openai", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    Provider("deepseek", "DeepSeek", "openai", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    Provider("ollama", "Ollama", "ollama", "http://localhost:11434"),
    Provider("lmstudio", "LM Studio", "openai", "http://localhost:1234/v1"),
    Provider("llamacpp", "llama.cpp", "openai", "http://localhost:8080/v1"),
    Provider("vllm", "vLLM", "openai", "http://localhost:8000/v1"),
)
