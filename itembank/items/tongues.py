"""How a formula is said in Kyrgyz, Russian and English at school: words for signs and letters, and patterns.
What the parts of a formula are is decided in `speech`; here stands only what to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_GREEK = {
    "α": ("альфа", "alpha"), "β": ("бета", "beta"), "γ": ("гамма", "gamma"), "δ": ("дельта", "delta"),
    "ε": ("эпсилон", "epsilon"), "ϵ": ("эпсилон", "epsilon"), "η": ("эта", "eta"), "θ": ("тета", "theta"),
    "λ": ("лямбда", "lambda"), "μ": ("мю", "mu"), "ξ": ("кси", "xi"), "π": ("пи", "pi"), "ρ": ("ро", "rho"),
    "σ": ("сигма", "sigma"), "τ": ("тау", "tau"), "φ": ("фи", "phi"), "ϕ": ("фи", "phi"), "ψ": ("пси", "psi"),
    "ω": ("омега", "omega"), "Δ": ("дельта", "delta"), "Σ": ("сигма", "sigma"), "Φ": ("фи", "phi"),
    "Ω": ("омега", "omega"),
}  # fmt: skip

# Small Latin letters as they are named in mathematics lessons; capitals are left to the voice.
_LETTERS = {
    "a": "а", "b": "бэ", "c": "цэ", "d": "дэ", "e": "е", "f": "эф", "g": "гэ", "h": "аш", "i": "и",
    "j": "йот", "k": "ка", "l": "эль", "m": "эм", "n": "эн", "o": "о", "p": "пэ", "q": "ку", "r": "эр",
    "s": "эс", "t": "тэ", "u": "у", "v": "вэ", "w": "дубль-вэ", "x": "икс", "y": "игрек", "z": "зет",
}  # fmt: skip

#        sign: (Kyrgyz, Russian, English)
_SIGNS = {
    "+": ("плюс", "плюс", "plus"),
    "−": ("минус", "минус", "minus"),
    "-": ("минус", "минус", "minus"),
    "±": ("плюс-минус", "плюс-минус", "plus or minus"),
    "·": ("көбөйтүү", "умножить на", "times"),
    "⋅": ("көбөйтүү", "умножить на", "times"),
    "×": ("көбөйтүү", "умножить на", "times"),
    "∗": ("көбөйтүү", "умножить на", "times"),
    "÷": ("бөлүү", "разделить на", "divided by"),
    ":": ("бөлүү", "разделить на", "divided by"),
    "/": ("бөлүү", "разделить на", "divided by"),
    "=": ("барабар", "равно", "equals"),
    "≠": ("барабар эмес", "не равно", "is not equal to"),
    "≈": ("болжол менен барабар", "приближённо равно", "is approximately equal to"),
    "≡": ("тең барабар", "тождественно равно", "is identical to"),
    "<": ("кичине", "меньше", "is less than"),
    ">": ("чоң", "больше", "is greater than"),
    "≤": ("кичине же барабар", "меньше или равно", "is less than or equal to"),
    "⩽": ("кичине же барабар", "меньше или равно", "is less than or equal to"),
    "≥": ("чоң же барабар", "больше или равно", "is greater than or equal to"),
    "⩾": ("чоң же барабар", "больше или равно", "is greater than or equal to"),
    "∈": ("таандык", "принадлежит", "belongs to"),
    "∉": ("таандык эмес", "не принадлежит", "does not belong to"),
    "⊂": ("камтылат", "содержится в", "is a subset of"),
    "∪": ("биригүү", "объединение", "union"),
    "∩": ("кесилишүү", "пересечение", "intersection"),
    "∅": ("бош көптүк", "пустое множество", "the empty set"),
    "∞": ("чексиздик", "бесконечность", "infinity"),
    "→": ("умтулат", "стремится к", "tends to"),
    "⇒": ("демек", "следовательно", "implies"),
    "⇔": ("тең күчтүү", "равносильно", "is equivalent to"),
    "∠": ("бурч", "угол", "angle"),
    "△": ("үч бурчтук", "треугольник", "triangle"),
    "⊥": ("перпендикуляр", "перпендикулярно", "is perpendicular to"),
    "∥": ("параллель", "параллельно", "is parallel to"),
    "∼": ("окшош", "подобен", "is similar to"),
    "°": ("градус", "градусов", "degrees"),
    "∘": ("градус", "градусов", "degrees"),
    "%": ("пайыз", "процентов", "per cent"),
    "!": ("факториал", "факториал", "factorial"),
    "′": ("штрих", "штрих", "prime"),
    "″": ("эки штрих", "два штриха", "double prime"),
    "∫": ("интеграл", "интеграл", "integral"),
    "∑": ("сумма", "сумма", "sum"),
    "lim": ("предел", "предел", "limit"),
    "(": ("кашаа ачылат", "скобка открывается", "open bracket"),
    ")": ("кашаа жабылат", "скобка закрывается", "close bracket"),
    "[": ("чарчы кашаа ачылат", "квадратная скобка открывается", "open square bracket"),
    "]": ("чарчы кашаа жабылат", "квадратная скобка закрывается", "close square bracket"),
    "{": ("фигуралуу кашаа ачылат", "фигурная скобка открывается", "open brace"),
    "}": ("фигуралуу кашаа жабылат", "фигурная скобка закрывается", "close brace"),
    "…": ("жана башкалар", "и так далее", "and so on"),
    "⋯": ("жана башкалар", "и так далее", "and so on"),
    "ℝ": ("чыныгы сандар", "действительные числа", "the real numbers"),
    "ℤ": ("бүтүн сандар", "целые числа", "the integers"),
    "ℕ": ("натуралдык сандар", "натуральные числа", "the natural numbers"),
    "ℚ": ("рационалдык сандар", "рациональные числа", "the rational numbers"),
}

_FUNCTIONS = {
    "sin": ("синус", "синус", "sine"),
    "cos": ("косинус", "косинус", "cosine"),
    "tan": ("тангенс", "тангенс", "tangent"),
    "tg": ("тангенс", "тангенс", "tangent"),
    "cot": ("котангенс", "котангенс", "cotangent"),
    "ctg": ("котангенс", "котангенс", "cotangent"),
    "arcsin": ("арксинус", "арксинус", "arc sine"),
    "arccos": ("арккосинус", "арккосинус", "arc cosine"),
    "arctan": ("арктангенс", "арктангенс", "arc tangent"),
    "arctg": ("арктангенс", "арктангенс", "arc tangent"),
    "arcctg": ("арккотангенс", "арккотангенс", "arc cotangent"),
    "log": ("логарифм", "логарифм", "log"),
    "lg": ("ондук логарифм", "десятичный логарифм", "common log"),
    "ln": ("натуралдык логарифм", "натуральный логарифм", "natural log"),
    "max": ("максимум", "максимум", "maximum"),
    "min": ("минимум", "минимум", "minimum"),
}


@dataclass(frozen=True)
class Tongue:
    """Words for signs and patterns for constructions; `{0}`, `{1}` are the parts as they are said."""

    names: Mapping[str, str]
    functions: Mapping[str, str]
    half_open: tuple[str, str]
    power: Mapping[str, str]
    long_power: str
    function_power: Mapping[str, str]
    fraction: str
    long_fraction: str
    root: Mapping[str, str]
    long_root: Mapping[str, str]
    index: str
    logarithm: str
    modulus: str
    applied: str
    choose: str
    between: str
    limit: str
    bar: str
    vector: str
    system: str
    mixed: str


def _column(table: Mapping[str, tuple[str, str, str]], at: int) -> dict[str, str]:
    return {sign: said[at] for sign, said in table.items()}


def _greek(at: int) -> dict[str, str]:
    return {letter: said[at] for letter, said in _GREEK.items()}


TONGUES: Mapping[str, Tongue] = {
    "ky": Tongue(
        names={**_LETTERS, **_greek(0), **_column(_SIGNS, 0)},
        functions=_column(_FUNCTIONS, 0),
        half_open=("тегерек кашаа ачылат", "тегерек кашаа жабылат"),
        power={"2": "{0} квадраты", "3": "{0} кубу", "": "{0} {1}-даражада"},
        long_power="{0} даража көрсөткүчү {1}, даража аягы,",
        function_power={"2": "{0} квадрат", "3": "{0} куб", "": "{0} {1}-даражада"},
        fraction="бөлчөк, алымы {0}, бөлүмү {1}",
        long_fraction="бөлчөк, алымы {0}, бөлүмү {1}, бөлчөк аягы,",
        root={"2": "квадрат тамыр астында {0}", "3": "куб тамыр астында {0}",
              "": "{1}-даражадагы тамыр астында {0}"},
        long_root={"2": "квадрат тамыр астында {0}, тамыр аягы,", "3": "куб тамыр астында {0}, тамыр аягы,",
                   "": "{1}-даражадагы тамыр астында {0}, тамыр аягы,"},
        index="{0} индекси {1}",
        logarithm="негизи {0} болгон логарифм",
        modulus="модуль {0}, модуль аягы,",
        applied="{0} {1}",
        choose="{0} {1} {2}",
        between="{0}, төмөнкү чеги {1}, жогорку чеги {2},",
        limit="{0}, {1},",
        bar="үстүндө сызыгы бар {0}",
        vector="вектор {0}",
        system="система: {0}, системанын аягы",
        mixed="{0} бүтүн {1}",
    ),
    "ru": Tongue(
        names={**_LETTERS, **_greek(0), **_column(_SIGNS, 1)},
        functions=_column(_FUNCTIONS, 1),
        half_open=("круглая скобка открывается", "круглая скобка закрывается"),
        power={"2": "{0} в квадрате", "3": "{0} в кубе", "": "{0} в степени {1}"},
        long_power="{0} в степени {1}, конец степени,",
        function_power={"2": "{0} квадрат", "3": "{0} куб", "": "{0} в степени {1}"},
        fraction="дробь {0} делённое на {1}",
        long_fraction="дробь, числитель {0}, знаменатель {1}, конец дроби,",
        root={"2": "корень из {0}", "3": "кубический корень из {0}", "": "корень {1}-й степени из {0}"},
        long_root={"2": "корень из {0}, конец корня,", "3": "кубический корень из {0}, конец корня,",
                   "": "корень {1}-й степени из {0}, конец корня,"},
        index="{0} с индексом {1}",
        logarithm="логарифм по основанию {0} от",
        modulus="модуль {0}, конец модуля,",
        applied="{0} от {1}",
        choose="{0} из {1} по {2}",
        between="{0} от {1} до {2}",
        limit="{0} при {1}",
        bar="{0} с чертой",
        vector="вектор {0}",
        system="система: {0}, конец системы",
        mixed="{0} {2} и {1}",
    ),
    "en": Tongue(
        names={**_greek(1), **_column(_SIGNS, 2)},
        functions=_column(_FUNCTIONS, 2),
        half_open=("open round bracket", "close round bracket"),
        power={"2": "{0} squared", "3": "{0} cubed", "": "{0} to the power {1}"},
        long_power="{0} to the power {1}, end of power,",
        function_power={"2": "{0} squared", "3": "{0} cubed", "": "{0} to the power {1}"},
        fraction="{0} over {1}",
        long_fraction="the fraction {0} over {1}, end of fraction,",
        root={"2": "the square root of {0}", "3": "the cube root of {0}", "": "the {1}th root of {0}"},
        long_root={"2": "the square root of {0}, end of root,", "3": "the cube root of {0}, end of root,",
                   "": "the {1}th root of {0}, end of root,"},
        index="{0} sub {1}",
        logarithm="log base {0} of",
        modulus="the absolute value of {0}, end of absolute value,",
        applied="{0} of {1}",
        choose="{0} {1} choose {2}",
        between="{0} from {1} to {2} of",
        limit="{0} as {1} of",
        bar="{0} bar",
        vector="vector {0}",
        system="the system: {0}, end of the system",
        mixed="{0} and {1}",
    ),
}  # fmt: skip
