"""Recipes to begin from: an empty one, and two that work and show how it is done."""

from __future__ import annotations

from itembank.recipes.recipe import Recipe

EMPTY = Recipe(
    code="", title="", subject="mathematics", area="", tier="basic", type="choice", parameters="", given="", key="",
    check="", mistakes="", stems={"ky": "", "ru": "", "en": ""},
)  # fmt: skip

EXAMPLES = {
    "equation": Recipe(
        code="", title="Сызыктуу теңдеме", subject="mathematics", area="algebra", tier="basic", type="choice",
        parameters="a = 2..9\nb = -9..-1, 1..9\nx = -6..6",
        given="x != 0\nabs(a*x + b) <= 60",
        key="x",
        check="a * answer + b = a*x + b",
        mistakes=(
            "(a*x + 2*b) / a | санды белгисин өзгөртпөй көчүрдү\n"
            "a*x | коэффициентке бөлбөй койду\n"
            "-x | белгисин жоготту\n"
            "a*x - a | бөлүүнүн ордуна кемитти"
        ),
        stems={
            "ky": "Теңдемени чыгаргыла: $@(a)x @+(b) = @(a*x + b)$.",
            "ru": "Решите уравнение: $@(a)x @+(b) = @(a*x + b)$.",
            "en": "Solve the equation $@(a)x @+(b) = @(a*x + b)$.",
        },
    ),
    "discount": Recipe(
        code="", title="Арзандатуу", subject="mathematics", area="numbers", tier="medium", type="text_entry",
        parameters="price = 200, 250, 400, 500, 800, 1200\npercent = 5, 10, 15, 20, 25, 30",
        given="floor(price * percent / 100) = price * percent / 100",
        key="price - price * percent / 100",
        check="answer + price * percent / 100 = price",
        mistakes="",
        stems={
            "ky": "Баасы @(price) сом болгон китеп @(percent) % арзандады. Жаңы баасы канча сом?",
            "ru": "Книга стоила @(price) сом и подешевела на @(percent) %. Сколько сомов она стоит теперь?",
            "en": "A book that cost @(price) som became @(percent) % cheaper. What does it cost now, in som?",
        },
    ),
}  # fmt: skip
