"""What a pasted text cannot say is refused with its place; nothing of a text is ever run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.source import MAX_SOURCE, SourceError, classes_in, from_source
from tests.models.work import at_most, at_most_bytes

MOST_BYTES = 50_000_000
"""Far less than one list of a thousand million entries."""


def class_of(constructor: str, forward: str) -> str:
    """Return a class with these statements, one a line; they begin in lines 4 and after."""
    lines = ["class Net(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    lines += [f"        {line}" for line in constructor.splitlines()]
    lines += ["    def forward(self, x):", *(f"        {line}" for line in forward.splitlines())]
    return "\n".join(lines)


SIMPLE = class_of("self.a = nn.ReLU()", "return self.a(x)")
POOL = "self.p = nn.MaxPool2d(2, return_indices=True)"


@pytest.mark.parametrize(
    ("constructor", "forward", "line", "column", "message"),
    [
        ("self.a = nn.RReLU(1, 1)", "return x", 4, 18, "nn.RReLU is not in the catalogue. Use nn"),
        ("self.a = Conv2d(1, 1, 1)", "return x", 4, 18, "'Conv2d' has no value here."),
        (
            "self.a = nn.Conv2d(1, 1)",
            "return x",
            4,
            18,
            "a: Python says: \"missing a required argument: 'kern",
        ),
        (
            "pass",
            "return torch.log(x)",
            6,
            16,
            "'torch.log' is not supported. Use layers of __init",
        ),
        (
            "self.a = nn.LSTM(1, 1, batch_first=True)",
            "y, (h, c) = self.a(x)\nreturn h[-1]",
            7,
            16,
            "the second value of LSTM (only the first is supported; its last step is the last hidd",
        ),
        (
            "self.a = nn.GRU(1, 1, batch_first=True)",
            "y, h = self.a(x)\nreturn h.squeeze(0)",
            7,
            16,
            "the second value of GRU (only the first is supported; its last step is the last hidd",
        ),
        ("self.a = nn.Softmax()", "return x", 4, 18, "a: without dim, PyTorch chooses one by how"),
        ("pass", "return F.log_softmax(x)", 6, 16, "LogSoftmax: without dim, PyTorch chooses"),
        ("pass", "return F.softmax(x, dim=None)", 6, 16, "Softmax: without dim, PyTorch choose"),
        (
            "pass",
            "return F.max_pool2d(x)",
            6,
            16,
            "MaxPool2d: Python says: \"missing a required argument: 'k",
        ),
        ("self.a = nn.Conv2d(1, 1, 99)", "return x", 4, 18, "a: kernel_size must be a whole num"),
        ("self.a = nn.Conv2d(1, 1, n)", "return x", 4, 34, "'n' has no value here."),
        ("self.a = nn.Conv2d(1, 1, 1, device='cpu')", "return x", 4, 18, "a: device='cpu' is not"),
        ("self.a = nn.LSTM(1, 1, bidirectional=True)", "return x", 4, 18, "'bidirectional'"),
        ("a = nn.Linear(1, 1)", "return x * 2", 4, 1, "this Linear is made but never called."),
        ("self.a = nn.Linear(1, 1)", "return x * 2", 4, 1, "a is made but never called. Remove"),
        (
            "self.a = nn.Linear(1, 1)\nself.a = nn.Linear(2, 2)",
            "return self.a(x)",
            4,
            1,
            "this Linear is made but never called.",
        ),
        (
            "self.a = nn.Linear(1, 1)",
            "return self.a(self.a(x))",
            6,
            16,
            "a is called twice, so two places would share its weights; that is not supported.",
        ),
        ("self.a = [nn.Linear(1, 1)]", "return self.a[0](x)", 6, 16, "is no part of the model"),
        ("pass", "return nn.Linear(1, 1)(x)", 6, 16, "forward would make anew in every call."),
        ("self.a = nn.ReLU()", "return self.a(y)", 6, 23, "'y' has no value here"),
        ("self.a = nn.ReLU()", "return self.b(x)", 6, 16, "Net has no 'b' here. It has a."),
        ("self.a = nn.ReLU()", "return self.a(x, x)", 6, 16, "ReLU takes one value"),
        ("self.a = nn.ReLU()", "x = self.a(x)", 6, 9, "forward must end with return"),
        ("self.a = nn.ReLU()", "y = self.a(x)\nreturn x", 7, 9, "returns its own input"),
        ("self.a = nn.ReLU()", "return self.a(x), x", 6, 9, "forward returns 2 values. Return one"),
        (
            "self.a = nn.Linear(1, 1)",
            "y = x * 2\nz = self.a(y)\nreturn y",
            7,
            13,
            "what a gives is never used. Remove the call.",
        ),
        ("pass", "for i in x: pass\nreturn x", 6, 18, "a loop cannot go over the output of a lay"),
        ("pass", "return torch.fft.fft(x)", 6, 16, "'torch.fft.fft' is not supported."),
        ("pass", "return torch.soft_max(x)", 6, 16, "'torch.soft_max' is not supported. Use sof"),
        ("pass", "return x @ x", 6, 16, "only +, - and * are supported."),
        ("pass", "return 2 / x", 6, 16, "x / 2 and x ** 2 are read."),
        ("pass", "return x + '1'", 6, 16, "'1' cannot be combined with a layer's output."),
        ("pass", "return x / 0", 6, 16, "divisor must not be 0."),
        ("pass", "return F.pad(x, (1, 1), mode='reflect')", 6, 16, "only a frame of zeros is read"),
        ("pass", "return F.pad(x, (1, 1), value=2)", 6, 16, "only a frame of zeros is read"),
        ("pass", "return F.pad(x, (0, 0, 0, 0, 1, 1))", 6, 16, "Join channels with torch.cat"),
        ("pass", "return F.pad(x, (1, x.size(2)))", 6, 16, "Give the input shape, or write the"),
        ("pass", "return F.pad(x, (-1, 0))", 6, 16, "padding must be"),
        ("pass", "return x.permute(0, 0, 1)", 6, 16, "permute names each dimension once"),
        ("pass", "return x[:, :-1]", 6, 16, "Give the input shape, or write the number."),
        ("pass", "return torch.cat([x, x], 1, 2)", 6, 16, "Known are: tensors, dim."),
        ("pass", "return torch.cat(x)", 6, 16, "torch.cat needs a list of outputs of layers."),
        ("pass", "return x.flatten('a')", 6, 16, "Flatten: start_dim must be a whole number"),
        ("pass", "return x.view(-1)", 6, 16, "Write x.flatten(1)"),
        ("pass", "return x.view(3, 4)", 6, 16, "the first size must be the batch's."),
        ("pass", "return x.view(x.size(0), x.size(1))", 6, 16, "only the batch may be a size"),
        ("pass", "return x.mean()", 6, 16, "say which dimensions are reduced"),
        ("pass", "return x[0]", 6, 16, "only slices along dimensions behind the batch"),
        ("pass", "return F.lp_pool2d(x, 3, 2)", 6, 16, "LPPool2d: norm_type must be even"),
        ("pass", "return F.lp_pool1d(x, 2, 2)", 6, 16, "is not supported. Use layers o"),
        ("pass", "return F.dropout(x)", 6, 16, "Write training=self.training."),
        ("pass", "return F.interpolate(x, size=x.shape[2:])", 6, 16, "size cannot be the shape"),
        ("pass", "if self.training:\n    return x * 2\nreturn x", 6, 12, "self.training is not"),
        ("pass", "if x.size(1) > 1:\n    return x * 2\nreturn x", 6, 12, "nothing is run to read"),
        ("pass", "if x.sum(1) > 1:\n    return x * 2\nreturn x", 6, 12, "nothing is run to read"),
        (
            "pass",
            "with torch.no_grad():\n    return x * 2",
            6,
            9,
            "no_grad is not supported here: no gradient would flow through what it covers. Write "
            "the code without it, and .detach() behind a value that is to get no gradient.",
        ),
        ("pass", "with torch.inference_mode(True):\n    return x", 6, 9, "and .detach() behind"),
        ("pass", "with a, torch.cuda.amp.autocast():\n    return x", 6, 9, "changes only the prec"),
        ("pass", "with open('x') as y:\n    return x", 6, 9, "with is not supported here. Write"),
        ("pass", "try:\n    return x\nexcept E:\n    pass", 6, 9, "Write only the lines that run"),
        ("pass", "del x\nreturn x", 6, 9, "del is not supported here. Leave it out"),
        ("pass", "return sorted({x, x})", 6, 23, "a set is not supported here. Write a list."),
        (
            "pass",
            "return (lambda y: y)(x)",
            6,
            17,
            "lambda is not supported here. Define a function with def.",
        ),
        (
            "pass",
            "return (y := x)",
            6,
            17,
            ":= is not supported here. Give the name its value on a",
        ),
        ("pass", "return x.__class__", 6, 16, "names that begin with two underscores"),
        ("pass", "print(self.a(x))\nreturn x * 2", 6, 15, "print is not read. Take this out"),
        ("self.p = nn.MaxPool2d(2)", "x, i = self.p(x)\nreturn x", 6, 9, "one value. Two names"),
        (POOL, "return F.relu(self.p(x))", 6, 16, "relu needs the output of a layer, not a tup"),
        (
            f"{POOL}\nself.u = nn.MaxUnpool2d(2)",
            "y, i = self.p(x)\nreturn self.u(y, i, output_size=y.shape)",
            8,
            16,
            "output_size must be the shape of what p read, or (height, width).",
        ),
        (POOL, "y, i = self.p(x)\nreturn y + i", 7, 16, "the indices of a pool cannot be combine"),
        ("for m in self.modules(): pass", "return x * 2", 4, 18, "weights of one's own are not"),
        ("self.w = nn.Parameter(3)", "return x * self.w", 4, 18, "nn.Parameter is not in the cata"),
        ("self.a = nn.ModuleList([nn.ReLU()])", "return self.a(x)", 6, 16, "Call its layers in a"),
        ("self.a = nn.ReLU()", "y = x * 2\nz = y\ny += x\nreturn F.relu(y) + self.a(z)", 0, 0, ""),
        (
            "self.i = nn.Identity()",
            "y = self.i(x)\ny += x\nreturn y + x",
            8,
            16,
            "changed in place",
        ),
        ("self.a = nn.ReLU()", "y = self.a(x)\ny += x\nreturn y", 7, 9, "overwrite what a needs"),
        ("self.a = nn.Linear(1, 1) + 3", "return x", 4, 18, "a layer and 3 cannot be combined"),
        ("self.n = 1 / 0", "return x", 4, 18, "this cannot be computed: division by zero."),
        ("raise ValueError", "return x", 4, 9, "the code raises an error here."),
        ("assert 1 == 2", "return x", 4, 9, "this assertion does not hold."),
    ],
)
def test_what_is_not_supported_is_named_with_its_place(
    constructor: str, forward: str, line: int, column: int, message: str
) -> None:
    text = class_of(constructor, forward)
    if not message:
        assert from_source(text)
        return
    with pytest.raises(SourceError) as caught:
        from_source(text)
    assert message in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).startswith(f"line {line}, column {column}: ")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "there is no class"),
        ("x = 1", 1, "there is no class"),
        (f"{SIMPLE}\nNet.forward = None", 1, "Net is changed in line 7, outside of any class."),
        ("@wrap\n" + SIMPLE, 1, "a decorator is not supported here. Write the code without it."),
        (SIMPLE.replace("nn.Module", "Other"), 1, "'Other' has no value here."),
        (
            SIMPLE.replace("nn.Module", "object"),
            1,
            "there is no class, and no tensor that is written",
        ),
        (SIMPLE.replace("nn.Module", "nn.Module, metaclass=M"), 1, "without a metaclass."),
        (SIMPLE.replace("forward", "other"), 1, "Net has no forward"),
        (SIMPLE.replace("(self)", "(self, n)"), 2, "__init__ needs a value for its argument n. W"),
        (SIMPLE.replace("(self, x)", "(self, x, y)"), 5, "forward must take self and one input"),
        (SIMPLE.replace("super().__init__()", "pass"), 4, "call super().__init__() before the fi"),
        ("class Net(nn.Module:", 1, "this is not Python"),
        ("class Net(nn.Module)\n  pass", 1, "this is not Python: expected ':'."),
        (SIMPLE + "\n   x = 1\n", 7, "this is not Python"),
        (SIMPLE.replace("Net", "print"), 6, "a model's name 'print' is taken"),
        (SIMPLE.replace("    def forward", "    @staticmethod\n    def forward"), 5, "a decorator"),
        (
            SIMPLE.replace("    def f", "    @torch.no_grad()\n    def f"),
            5,
            "no_grad is not supported",
        ),
        (SIMPLE + "\n    def __call__(self, x): return x", 7, "__call__ is not supported"),
        ("n = [1]\nn.append(2)\n" + SIMPLE.replace("nn.ReLU()", "n"), 6, "n is changed in line 2"),
        ("n = n + 1\n" + SIMPLE.replace("nn.ReLU()", "n"), 1, "n is made from itself."),
    ],
)
def test_what_stands_around_the_methods_is_checked(text: str, line: int, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        from_source(text)
    assert message in str(caught.value)
    assert caught.value.line == line


def test_columns_are_counted_in_characters() -> None:
    text = class_of("self.a = nn.ReLU()", "가나 = '다'; return self.a(y)")
    with pytest.raises(SourceError, match="line 6, column 33: 'y' has no value"):
        from_source(text)


def test_text_copied_from_a_page_or_a_chat_is_read_as_it_is_meant() -> None:
    spaced = SIMPLE.replace("        ", "\u00a0 \u00a0 \u202f\u3000  ") + "\n\u00a0\n"
    for text in (spaced, f"\ufeff{SIMPLE}", f"```python\n{SIMPLE}\n```\n", f"  ``` \n{SIMPLE}"):
        assert from_source(text) == from_source(SIMPLE)
    with pytest.raises(SourceError) as caught:
        from_source(f"```python\n{SIMPLE.replace('self.a(x)', 'self.c(x)')}\n```")
    assert caught.value.line == 7


BLOCKS = (
    "class Block(nn.Module):\n"
    "    def __init__(self, n):\n"
    "        super().__init__()\n"
    "        self.fc = nn.Linear(n, n)\n"
    "    def forward(self, x):\n"
    "        return self.fc(x)\n"
    "class Left(nn.Module):\n"
    "    def __init__(self, n, depth=1):\n"
    "        super().__init__()\n"
    "        self.blocks = nn.Sequential(*[Block(n) for _ in range(depth)])\n"
    "    def forward(self, x):\n"
    "        return self.blocks(x)\n"
    "def large():\n"
    "    return Left(3, depth=4)\n"
)


def test_arguments_without_defaults_can_be_given() -> None:
    with pytest.raises(
        SourceError, match=r"__init__ needs a value for its argument n\. Write a def"
    ):
        from_source(BLOCKS.partition("def large")[0])
    spec = from_source(BLOCKS, arguments={"n": 2, "depth": 3})
    assert [layer.name for layer in spec.layers] == ["blocks_0_fc", "blocks_1_fc", "blocks_2_fc"]
    assert {layer.fields["in_features"] for layer in spec.layers} == {2}
    assert len(from_source(f"{BLOCKS}net = Left(5, 2)\n").layers) == 2
    assert len(from_source(BLOCKS).layers) == 4, "as the function of the text makes it"


def test_the_class_that_no_other_uses_is_the_model_unless_a_name_is_given() -> None:
    assert classes_in(BLOCKS) == ("Block", "Left")
    assert from_source(BLOCKS, arguments={"n": 2}).name == "Left"
    assert from_source(BLOCKS, name="Block", arguments={"n": 2}).name == "Block"
    assert len(from_source(BLOCKS, name="large").layers) == 4
    with pytest.raises(SourceError, match="there is no class 'Other'"):
        from_source(BLOCKS, name="Other")
    with pytest.raises(SourceError, match="arguments must be numbers, texts or lists"):
        from_source(BLOCKS, arguments={"n": object()})


def hostile(trap: str) -> list[str]:
    """Return texts that would write a file if anything of them ran, or exhaust the reader."""
    body = class_of("self.a = nn.ReLU()", "return self.a(%s)")
    made = class_of("self.a = %s", "return self.a(x)")
    return [
        trap,
        class_of(trap, "return x"),
        class_of("self.a = nn.ReLU()", f"{trap}\nreturn self.a(x)"),
        class_of(f"self.a = nn.Conv2d({trap}, 1, 1)", "return self.a(x)"),
        body % trap,
        body % "x.__class__.__base__.__subclasses__()",
        body % "getattr(x, '__class__')",
        body % "getattr(getattr(self, 'a'), '__dict__')",
        body % "(lambda: x)()",
        body % f"[x for _ in [{trap}]][0]",
        body % "x.backward()",
        body % "__import__('os').system('true')",
        body % "torch.load('x')",
        body % "torch.hub.load('x', 'y')",
        body % "f'{x.__class__}'",
        body % "'{0.__class__}'.format(x)",
        body % "'%999999999d' % 1",
        body % "f'{1:999999999}'",
        SIMPLE.replace("(self, x)", f"(self, x, y={trap})"),
        SIMPLE.replace("nn.Module", trap),
        f"@{trap}\n{SIMPLE}",
        f"class Meta(type):\n    def __new__(*a): {trap}\n"
        + SIMPLE.replace("nn.Module", "nn.Module, metaclass=Meta"),
        SIMPLE.replace("nn.Module", f"nn.Module, option={trap}"),
        SIMPLE + f"\n    def __getattr__(self, name): {trap}",
        SIMPLE + f"\n    def __init_subclass__(cls): {trap}",
        SIMPLE + f"\n    a = property(lambda self: {trap})\n".replace("a =", "forward ="),
        class_of("setattr(nn, 'Module', 1)", "return x"),
        class_of("setattr(self, '__class__', 1)", "return x"),
        class_of("self.__class__ = 1", "return x"),
        class_of("nn.Module.forward = 1", "return x"),
        class_of("self.forward = nn.ReLU()", "return x"),
        class_of("global open", "return x"),
        class_of("import os", "return os.system(x)"),
        class_of("exec('1')", "return x"),
        class_of("while True: pass", "return x"),
        class_of("for a in range(10**6): pass", "return x"),
        class_of("n = [0]\nfor a in n: n.append(a)\nself.a = n", "return self.b(x)"),
        class_of("n = [0] * 4000\nfor a in n:\n    for b in n:\n        c = n + []", "return x"),
        class_of("n = 'a'\nwhile True: n = n + n", "return x"),
        class_of("n = []\nwhile True: n = [n, n]", "return x"),
        class_of("n = []\nn.append(n)\nself.a = n == n", "return self.b(x)"),
        class_of("n = []\nn.append(n)\nself.a = nn.Conv2d(n, n, n)", "return x"),
        class_of("self.a = self", "return self.a(x)"),
        class_of("self.a = Net()", "return self.a(x)"),
        class_of("self.a = nn.Sequential()\nself.a.append(self.a)", "return self.a(x)"),
        class_of("for i in range(9999): setattr(self, f'a{i}', nn.ReLU())", "return self.a0(x)"),
        made % "nn.Sequential(*[nn.ReLU() for _ in range(500)])",
        made
        % "nn.Sequential(*[nn.ReLU() for a in range(99) for b in range(99) for c in range(9)])",
        made % "[0] * 10**9",
        made % "'a' * 10**9",
        made % "10**10**10",
        made % "2 ** 0.5 ** -99999",
        made % "1 << 10**9",
        made % "range(10**18)[::1]",
        made % "list(range(10**9))",
        made % "sum(range(10**9))",
        made % "max(range(10**9))",
        made % "sorted(range(10**9))",
        made % "float('1e999')",
        made % "int('9' * 4000)",
        made % "1.5 in range(10**12)",
        made % ("9" * 4000),
        body % "x.flatten(10 ** 10 ** 10)",
        body % "torch.cat([x] * 9)",
        "def f(): return f()\n" + made % "f()",
        "def f(n): return [f(n), f(n)]\n" + made % "f(1)",
        SIMPLE + "\0",
        "x = 1\n" * 3 + "\ud800",
        "x" * 1_000_000,
        "a" * (MAX_SOURCE + 1),
        "(" * 5000,
        "-" * 19_000 + "1",
        "not " * 4000 + "x",
        "a" + ".b" * 9000,
        "x" + "[0]" * 6000,
        "lambda:" * 2000 + "1",
        "9" * 5000,
        "if x: pass\n" + "elif x: pass\n" * 3000,
        "".join(f"{' ' * depth}if x:\n" for depth in range(200)) + " " * 200 + "pass",
        "x = " + "1 if x else " * 3000 + "1",
        "x = " + "a ** " * 3000 + "1",
        "'" * 30_001,
        "f'{" * 100,
        body % ("x" + " + x" * 3000),
        body % ("self.a(" * 60 + "x" + ")" * 60),
    ]


def test_hostile_text_is_refused_after_bounded_work_and_runs_nothing(tmp_path: Path) -> None:
    """In a thread, as a visitor's is read: its stack is smaller than the main thread's."""
    touched = tmp_path / "touched"
    trap = f"open({str(touched)!r}, 'w').write('x')"
    compile(trap, "trap", "eval")
    with ThreadPoolExecutor(1) as threads:
        for text in hostile(trap):
            error = threads.submit(refusal, text).result()
            assert error.line >= 1
            assert error.column >= 1
            assert len(str(error)) < 500
    assert not touched.exists()


def refusal(text: str) -> SourceError:
    with at_most(), pytest.raises(SourceError) as caught:
        pytest.fail(f"{text[:300]} gave {from_source(text)!r:.200}")
    return caught.value


def test_no_hostile_text_makes_what_is_too_large_before_it_is_refused() -> None:
    large = [text for text in hostile("1") if "10**9" in text or "10**1" in text]
    assert len(large) > 8
    for text in large:
        with at_most_bytes(MOST_BYTES), pytest.raises(SourceError):
            from_source(text)
