"""Formulas as they are said at school in Kyrgyz, Russian and English."""

from __future__ import annotations

import pytest

from itembank.items import numerals, rich

SAID = [
    (r"x^{2}+3x-4=0", "икс квадраты плюс 3 икс минус 4 барабар 0",
     "икс в квадрате плюс 3 икс минус 4 равно 0", "x squared plus 3 x minus 4 equals 0"),
    (r"-\frac{3}{4}", "минус төрттөн үч", "минус три четвёртых", "minus 3 over 4"),
    (r"\frac{1}{2}", "экиден бир", "одна вторая", "1 over 2"),
    (r"1\frac{2}{3}", "1 бүтүн үчтөн эки", "1 целая и две третьих", "1 and 2 over 3"),
    (r"\frac{21}{25}", "жыйырма бештен жыйырма бир", "двадцать одна двадцать пятая", "21 over 25"),
    (r"\frac{x+1}{y}", "бөлчөк, алымы икс плюс 1, бөлүмү игрек, бөлчөк аягы",
     "дробь, числитель икс плюс 1, знаменатель игрек, конец дроби",
     "the fraction x plus 1 over y, end of fraction"),
    (r"x^3", "икс кубу", "икс в кубе", "x cubed"),
    (r"2^{-5}", "2 минус 5-даражада", "2 в степени минус 5", "2 to the power minus 5"),
    (r"2^{n+1}", "2 даража көрсөткүчү эн плюс 1, даража аягы", "2 в степени эн плюс 1, конец степени",
     "2 to the power n plus 1, end of power"),
    (r"\sqrt{2}", "квадрат тамыр астында 2", "корень из 2", "the square root of 2"),
    (r"\sqrt[3]{x+1}", "куб тамыр астында икс плюс 1, тамыр аягы",
     "кубический корень из икс плюс 1, конец корня",
     "the cube root of x plus 1, end of root"),
    (r"a_{n}", "а индекси эн", "а с индексом эн", "a sub n"),
    (r"x \le 5", "икс кичине же барабар 5", "икс меньше или равно 5", "x is less than or equal to 5"),
    (r"x \ne y", "икс барабар эмес игрек", "икс не равно игрек", "x is not equal to y"),
    (r"\sin^2 \alpha", "синус квадрат альфа", "синус квадрат альфа", "sine squared alpha"),
    (r"\log_{2} 8", "негизи 2 болгон логарифм 8", "логарифм по основанию 2 от 8", "log base 2 of 8"),
    (r"f(2)", "эф 2", "эф от 2", "f of 2"),
    (r"f'(-4)", "эф штрих минус 4", "эф штрих от минус 4", "f prime of minus 4"),
    (r"f\left(x\right)=1", "эф икс барабар 1", "эф от икс равно 1", "f of x equals 1"),
    (r"f(x+1)", "эф кашаа ачылат икс плюс 1 кашаа жабылат",
     "эф скобка открывается икс плюс 1 скобка закрывается",
     "f open bracket x plus 1 close bracket"),
    (r"52^{\circ}", "52 градус", "52 градуса", "52 degrees"),
    (r"111^{\circ}", "111 градус", "111 градусов", "111 degrees"),
    (r"|x-3|", "модуль икс минус 3, модуль аягы", "модуль икс минус 3, конец модуля",
     "the absolute value of x minus 3, end of absolute value"),
    (r"60^{\circ}", "60 градус", "60 градусов", "60 degrees"),
    (r"[0; 1)", "чарчы кашаа ачылат 0; 1 тегерек кашаа жабылат",
     "квадратная скобка открывается 0; 1 круглая скобка закрывается",
     "open square bracket 0; 1 close round bracket"),
    (r"C_{5}^{2}", "C бештен 2", "C из 5 по 2", "C 5 choose 2"),
    (r"\int_{0}^{2} x\,dx", "интеграл, төмөнкү чеги 0, жогорку чеги 2, икс дэ икс",
     "интеграл от 0 до 2 икс дэ икс", "integral from 0 to 2 of x d x"),
    (r"\begin{cases} x=1 \\ y=2 \end{cases}", "система: икс барабар 1; игрек барабар 2, системанын аягы",
     "система: икс равно 1; игрек равно 2, конец системы",
     "the system: x equals 1; y equals 2, end of the system"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "ky", "ru", "en"), SAID, ids=[row[0] for row in SAID])
def test_said(latex: str, ky: str, ru: str, en: str) -> None:
    for language, wanted in (("ky", ky), ("ru", ru), ("en", en)):
        assert rich.spoken(rich.inline(f"${latex}$", language), language) == wanted


@pytest.mark.parametrize(
    ("over", "under", "said"),
    [
        (1, 3, "одна третья"), (2, 3, "две третьих"), (5, 11, "пять одиннадцатых"), (1, 40, "одна сороковая"),
        (22, 100, "двадцать две сотых"), (11, 12, "одиннадцать двенадцатых"), (3, 1000, "три тысячных"),
        (31, 33, "тридцать одна тридцать третья"), (1, 1, None), (0, 5, None), (5, 0, None), (5, 123, None),
    ],
)  # fmt: skip
def test_russian_fractions(over: int, under: int, said: str | None) -> None:
    assert numerals.russian_fraction(over, under) == said


@pytest.mark.parametrize(
    ("n", "said"),
    [(2, "экиден"), (9, "тогуздан"), (10, "ондон"), (25, "жыйырма бештен"), (60, "алтымыштан"),
     (100, "жүздөн"), (1000, "миңден"), (0, None), (101, None)],
)  # fmt: skip
def test_kyrgyz_ablative(n: int, said: str | None) -> None:
    assert numerals.kyrgyz_from(n) == said
