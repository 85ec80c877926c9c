r"""Simple formulas in LaTeX, written in Unicode: `$\alpha \le x^2$` becomes α ≤ x².

What is not known here stays as it was written, with its delimiters.
"""

from __future__ import annotations

import re

from cogs.ui.markdown_reader import read

LONGEST = 300
"""Characters of a formula that is looked at."""

READ = 12_000
"""Characters of a text in which formulas are looked for; what follows stays as it is."""

DEEPEST = 6

_OPENER = re.compile(r"\$\$?|\\[\[(]")
_CLOSERS = {"$$": "$$", "$": "$", r"\[": r"\]", r"\(": r"\)"}
_COMMAND = re.compile(r"\\([A-Za-z]+|.)\s*", re.DOTALL)
_SIMPLE = re.compile(r"[\w.]*")
_MATHEMATICAL = re.compile(r"[\\^_=<>+]")
_SINGLE = re.compile(r"[A-Za-z]|\d+")
_NAME = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}_")
_OF_ADDRESSES = "/=&?%@#:"

_NAMED = """
alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν
xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ
Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω times × cdot · div ÷ pm ± mp ∓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠
approx ≈ equiv ≡ sim ∼ propto ∝ ll ≪ gg ≫ in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ emptyset ∅ forall ∀
exists ∃ neg ¬ land ∧ lor ∨ wedge ∧ vee ∨ to → rightarrow → leftarrow ← Rightarrow ⇒ implies ⇒ Leftarrow ⇐
iff ⇔ Leftrightarrow ⇔ mapsto ↦ infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ oint ∮ angle ∠ perp ⊥
parallel ∥ circ ∘ degree ° ldots … dots … cdots ⋯ prime ′ hbar ℏ ell ℓ Re ℜ Im ℑ aleph ℵ oplus ⊕ otimes ⊗
langle ⟨ rangle ⟩ mid ∣ star ⋆ bullet • therefore ∴
sin sin cos cos tan tan log log ln ln exp exp lim lim max max min min det det dim dim gcd gcd arg arg
"""
_PAIRS = _NAMED.split()
SYMBOLS: dict[str, str] = {
    **dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)),
    **dict.fromkeys((",", ";", ":", " ", "quad", "qquad"), " "),
    **dict.fromkeys(("!", "left", "right", "displaystyle", "limits", "big", "Big"), ""),
    **{each: each for each in "{}%$&#"},
}
FONTS = frozenset({"text", "mathrm", "mathbf", "mathit", "operatorname", "textbf", "mathsf"})
DOUBLE: dict[str, str] = dict(zip("RNZQCP", "ℝℕℤℚℂℙ", strict=True))
RAISED: dict[str, str] = dict(
    zip("0123456789+-=()niabcdefghjklmoprstuvwxyzT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ", strict=True)
)
LOWERED: dict[str, str] = dict(
    zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)


class _UnknownError(Exception):
    """Something in a formula is not known here."""


def with_formulas(text: str) -> str:
    """Write the simple formulas of a text in Unicode, those in code left out."""
    if "$" not in text and "\\" not in text:
        return text
    text, rest = text[:READ], text[READ:]
    pieces: list[str] = []
    done = 0
    for start, end in read(text).code:
        pieces += (_converted(text[done:start]), text[start:end])
        done = end
    return "".join((*pieces, _converted(text[done:]), rest))


def _converted(text: str) -> str:
    pieces: list[str] = []
    done = position = 0
    while opener := _OPENER.search(text, position):
        position = opener.end()
        end = text.find(_CLOSERS[opener[0]], position, position + LONGEST)
        if end < 0 or not _is_formula(text, opener, end):
            continue
        try:
            formula = _Formula(text[position:end].strip()).all()
        except _UnknownError:
            continue
        position = end + len(opener[0])
        pieces += (text[done : opener.start()], formula)
        done = position
    return "".join((*pieces, text[done:]))


def _is_formula(text: str, opener: re.Match[str], end: int) -> bool:
    """Whether what stands between is a formula, and not money, a shell's variable or an escaped bracket."""
    inner = text[opener.end() : end]
    if opener[0] == "$$":
        return True
    if not (_MATHEMATICAL.search(inner) or _SINGLE.fullmatch(inner.strip())) or _NAME.search(inner):
        return False
    return opener[0] != "$" or _is_between_dollars(text, opener.start(), inner, end)


def _is_between_dollars(text: str, start: int, inner: str, end: int) -> bool:
    """Follow pandoc's rule, but for a word or an address around it, as in `PATH=$HOME:$PATH`."""
    before, after = text[start - 1 : start], text[end + 1 : end + 2]
    is_after_word = bool(before) and (before in _OF_ADDRESSES or (before.isascii() and before.isalnum()))
    is_before_word = after.isdigit() or (after.isascii() and after.isalnum() and len(inner) > 1)
    is_tight = bool(inner) and inner == inner.strip() and "\n" not in inner
    return is_tight and not (is_after_word or is_before_word)


class _Formula:
    """One pass over a formula."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._depth = 0

    def all(self) -> str:
        found = self._run("")
        if not found.strip():
            raise _UnknownError
        return " ".join(found.split())

    def _run(self, closer: str) -> str:
        parts: list[str] = []
        while self._at < len(self._source):
            if self._source[self._at] == closer:
                self._at += 1
                return "".join(parts)
            parts.append(self._next())
        if closer:
            raise _UnknownError
        return "".join(parts)

    def _next(self) -> str:
        character = self._source[self._at]
        if character == "\\":
            return self._command()
        self._at += 1
        match character:
            case "^" | "_":
                return self._script(character)
            case "{":
                return self._group()
            case "}" | "&" | "#" | "$" | "`":
                raise _UnknownError
            case _:
                return character

    def _group(self) -> str:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _UnknownError
        found = self._run("}")
        self._depth -= 1
        return found

    def _argument(self) -> str:
        if self._at >= len(self._source):
            raise _UnknownError
        return self._next()

    def _command(self) -> str:
        command = _COMMAND.match(self._source, self._at)
        if command is None:
            raise _UnknownError
        name, spaced = command[1], command[0] != "\\" + command[1]
        self._at = command.end()
        if name in {"frac", "dfrac", "tfrac"}:
            return f"{_grouped(self._argument())}/{_grouped(self._argument())}"
        if name == "sqrt" and self._source.startswith("{", self._at):
            return f"√{_grouped(self._argument())}"
        if name in FONTS:
            return self._argument()
        if name == "mathbb":
            return DOUBLE.get(self._argument()) or self._unknown()
        found = SYMBOLS.get(name)
        return self._unknown() if found is None else found + (" " if spaced and found else "")

    def _script(self, kind: str) -> str:
        inner = self._argument().strip()
        shapes = RAISED if kind == "^" else LOWERED
        if inner and all(each in shapes for each in inner):
            return "".join(shapes[each] for each in inner)
        if kind == "^" and inner:
            return f"^{_grouped(inner)}"
        return self._unknown()

    def _unknown(self) -> str:
        raise _UnknownError


def _grouped(part: str) -> str:
    part = part.strip()
    return part if _SIMPLE.fullmatch(part) or len(part) == 1 else f"({part})"
