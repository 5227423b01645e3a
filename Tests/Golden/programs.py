"""Turns a golden case into a Glia program that prints every result as `= name | dtype | shape | values`."""
import re

PRELUDE = """\
fn report(name, v) {
    if type(v) == "list" {
        for (i, item) in enumerate(v) { report("{name}{i}", item) }
    } else if type(v) == "record" {
        for (key, item) in v { report(key, item) }
    } else if type(v) == "table" {
        for key in v.columns { if type(v[key]) == "tensor" { report(key, v[key]) } }
    } else if type(v) == "tensor" {
        print("=", name, "|", v.dtype, "|", str(v.shape), "|", str(list(flatten(v))))
    } else {
        print("=", name, "|", type(v), "|", "()", "|", str((v,)))
    }
}
"""


def literal(tensor, precision):
    """A golden tensor as a Glia expression, in float32 or float64."""
    dtype = tensor.get("dtype", precision)
    data = tensor["data"]
    if dtype == "bool":
        words = ["true" if v else "false" for v in data]
    else:
        words = [v if isinstance(v, str) else repr(v) for v in data]
    shape = tensor["shape"]
    if not shape:
        return f"({words[0]})"
    if not words:
        return f"zeros({', '.join(map(str, shape))})"
    flat = "[" + ", ".join(words) + "]"
    if dtype in ("float64", "int32"):
        flat = f"{dtype}({flat})"
    return flat if len(shape) == 1 else f"reshape({flat}, {', '.join(map(str, shape))})"


def bind(tensors, precision):
    return [f"let {name} = {literal(t, precision)}" for name, t in tensors.items()]


def record(weights, precision):
    return "{" + ", ".join(f'"{name}": {literal(t, precision)}' for name, t in weights.items()) + "}"


def weighted_sum(expression, seeds, precision):
    """Σ over outputs of sum(output * seed)."""
    names = sorted(seeds)
    lines = [f"let result_ = {expression}"]
    terms = []
    for index, name in enumerate(names):
        picked = "result_" if names == ["y"] else f"result_[{name[1:]}]"
        terms.append(f"sum({picked} * {literal(seeds[name], precision)})")
    return "{ " + "; ".join(lines) + "; " + " + ".join(terms) + " }"


REBUILT = {
    "svd": "parts_[0] @ diag(parts_[1]) @ parts_[2]",
    "eigh": "parts_[1] @ diag(parts_[0]) @ parts_[1].T",
    "qr": "parts_[0] @ parts_[1]",
}


def named_parts(case):
    """Reports for a list whose parts have names of their own (`u s vt`, `values positions`, `value` and a record)."""
    names = [n.removesuffix("_abs") for n in case["outputs"] if n != "rebuilt"]
    if all(re.fullmatch(r"y\d*", n) for n in names):
        return []
    lines = [f"let parts_ = {case['glia']}", 'if type(parts_) != "list" { report("y", parts_) } else {']
    if case["name"].startswith("grad_of_record"):
        lines.append('    report("value", parts_[0]); report("y", parts_[1])')
    else:
        lines += [f'    report("{name}", parts_[{index}])' for index, name in enumerate(names)]
    if "rebuilt" in case["outputs"]:
        lines.append(f'    report("rebuilt", {REBUILT[case["name"]]})')
    return lines + ["}"]


def expression(case, precision):
    lines = bind(case["inputs"], precision)
    if "setup" in case:
        lines.append(case["setup"])
    if case["glia"].startswith("class_weights("):
        # A record from class number to weight: its values, in the order of the classes.
        lines.append(f'report("y", tensor(values({case["glia"]})))')
        return lines
    lines += named_parts(case) or [f'report("y", {case["glia"]})']
    names = list(case.get("gradients", {}))
    if names:
        body = weighted_sum(case["glia"], case["seed_tensors"], precision)
        lines.append(f"fn loss_({', '.join(names)}) {body}")
        wrt = ", ".join(map(str, range(len(names))))
        lines.append(f"let gradients_ = grad(loss_, wrt: ({wrt},))({', '.join(names)})")
        for index, name in enumerate(names):
            lines.append(f'report("gradient.{name}", gradients_[{index}])')
    return lines


def call_of(case, layer):
    """How the layer is applied, and with which training flag."""
    apply = re.sub(r"\blayer\(", f"{layer}(", case.get("apply", "layer(x)"))
    if "training" in case:
        apply = apply[:-1] + f", training: {str(case['training']).lower()})"
    return apply


def set_weights(case, precision, layer="layer_"):
    """Lines that give the layer its weights; a prefix that the setup binds (`d.kernel`) is a layer of its own."""
    weights = case.get("weights", {})
    own = {}
    parts = {}
    for name, tensor in weights.items():
        prefix, _, rest = name.partition(".")
        if rest and re.search(rf"\blet {re.escape(prefix)}\b", case.get("setup", "")):
            parts.setdefault(prefix, {})[rest] = tensor
        else:
            own[name] = tensor
    lines = [f"set_weights({part}, {record(group, precision)})" for part, group in parts.items()]
    if own:
        lines.append(f"set_weights({layer}, {record(own, precision)})")
    return lines, parts


def layer(case, precision):
    lines = [case["setup"]] if "setup" in case else []
    lines.append(f"let layer_ = {case['glia']}")
    lines += bind(case["inputs"], precision)
    plain = dict(case)
    plain.pop("training", None)
    lines.append(f"let built_ = {call_of(plain, 'layer_')}")
    setting, parts = set_weights(case, precision)
    lines += setting
    lines.append(f'report("y", {call_of(case, "layer_")})')
    for name in case["outputs"]:
        if not re.fullmatch(r"y\d*", name):
            lines.append(f'report("{name}", weights(layer_)["{name}"])')
    gradients = case.get("gradients", {})
    if gradients:
        inputs = [name for name in gradients if name in case["inputs"]]
        through = [name for name in gradients if name not in case["inputs"]]
        owner = next(iter(parts), "layer_")
        parameters = ([owner] if through else []) + inputs
        body = weighted_sum(call_of(case, "layer_"), case["seed_tensors"], precision)
        if through and owner != "layer_":
            # the part's own gradient: the model is called as it stands, the part is what is varied
            lines.append(f"let inner_ = grad({owner} -> {body})({owner})")
            for name in through:
                lines.append(f'report("gradient.{name}", inner_["{name.split(".", 1)[1]}"])')
            parameters, through = inputs, []
        lines.append(f"fn loss_({', '.join(parameters)}) {body}")
        wrt = ", ".join(map(str, range(len(parameters))))
        lines.append(f"let gradients_ = grad(loss_, wrt: ({wrt},))({', '.join(parameters)})")
        for name in through:
            lines.append(f'report("gradient.{name}", gradients_[0]["{name}"])')
        for index, name in enumerate(inputs):
            lines.append(f'report("gradient.{name}", gradients_[{index + (1 if through else 0)}])')
    return lines


def penalty(case, precision):
    """What the regularizers add: the loss of one full-batch step on a loss that is zero, and the step it takes."""
    lines = [f"let layer_ = {case['glia']}"] + bind(case["inputs"], precision)
    lines.append("let built_ = layer_(x)")
    lines += set_weights(case, precision)[0]
    lines.append("let before_ = weights(layer_)")
    lines.append(
        "let run_ = fit(layer_, x, layer_(x) * 0, loss: (p, t) -> sum(p * 0), optimizer: sgd(1), epochs: 1, "
        "batch: len(x), verbose: false)")
    lines.append('report("penalty", run_.history.loss[0])')
    for name in case.get("gradients", {}):
        if name in case.get("weights", {}):
            lines.append(f'report("gradient.{name}", before_["{name}"] - weights(layer_)["{name}"])')
    return lines


def optimizer(case, precision):
    names = list(case["weights"])
    steps = case["inputs"][f"gradient.{names[0]}"]["shape"][0]
    lines = [f"let gradient_{n} = {literal(case['inputs'][f'gradient.{n}'], precision)}" for n in names]
    lines.append(f"let optimizer_ = {case['glia']}")
    lines.append("var values_ = {" + ", ".join(f"{n}: {literal(case['weights'][n], precision)}" for n in names) + "}")
    lines.append(f"for i in range({steps}) {{")
    lines.append("    values_ = step(optimizer_, values_, {" + ", ".join(f"{n}: gradient_{n}[i]" for n in names) + "})")
    for n in names:
        lines.append(f'    report("{n}", values_.{n})')
    if any(name.startswith("average.") for name in case["outputs"]):
        for n in names:
            lines.append(f'    report("average.{n}", optimizer_.average.{n})')
    lines.append("}")
    return lines


def schedule(case, precision):
    lines = [f"let schedule_ = {case['glia']}"]
    steps = ", ".join(map(str, case["inputs"]["steps"]["data"]))
    lines.append(f"for step_ in ({steps}) {{ report(\"rate\", schedule_(step_)) }}")
    return lines


def training(case, precision):
    # The cases count parts even where the net is one layer, whose weights are `kernel` and `bias`.
    prefix = "" if ">>" in case["net"] else "0."
    lines = bind(case["inputs"], precision)
    lines.append(f"let net = {case['net']}")
    lines.append("let built_ = net(x[:2])")
    weights = {name.removeprefix(prefix): value for name, value in case["weights"].items()}
    lines.append(f"set_weights(net, {record(weights, precision)})")
    lines.append("var losses_ = ()")
    call = case["glia"][:-1] + ", verbose: false, callbacks: (on_batch(b -> { losses_ += (b.loss,) }),))"
    lines.append(f"let run_ = {call}")
    lines.append('report("batch_loss", tensor(losses_))')
    lines.append('report("epoch_loss", run_.history.loss)')
    lines.append("let weights_ = weights(net)")
    for name in case["outputs"]:
        if name.startswith("final."):
            lines.append(f'report("{name}", weights_["{name[6:].removeprefix(prefix)}"])')
    lines.append('report("final_prediction", net(x))')
    return lines


def built(case):
    """A drawn tensor: the expression itself, or a weight of a new layer."""
    if "weight" not in case:
        return [f'report("y", {case["glia"]})']
    shape = ", ".join(map(str, case["build"]))
    return [f"let layer_ = {case['glia']}", f"build(layer_, ({shape},))",
            f'report("y", weights(layer_)["{case["weight"]}"])']


def fresh(case, precision):
    outputs = case["outputs"]
    name = next(iter(outputs))
    sizes = outputs[name]["shape"]
    sample = (4, 5) if name == "bias" else tuple(sizes)
    lines = [f"let layer_ = {case['glia']}", f"build(layer_, ({', '.join(map(str, sample))},))"]
    return lines + [f'report("{n}", weights(layer_)["{n}"])' for n in outputs]


def table(case, precision):
    """The weight 1 after each gradient."""
    gradients = ", ".join(map(repr, case["inputs"]["g"]["data"]))
    start = "float64([1])" if precision == "float64" else "[1]"
    return [f"let optimizer_ = {case['glia']}", f"var w = {start}",
            f"for g in ({gradients}) {{ w = step(optimizer_, w, w * 0 + g); report(\"w\", w) }}"]


KINDS = {
    "expression": expression, "loss": expression, "metric": expression, "regularizer": expression,
    "layer": layer, "penalty": penalty, "optimizer": optimizer, "schedule": schedule, "training": training,
    "statistics": lambda case, precision: built(case), "orthogonal": lambda case, precision: built(case),
    "fresh": fresh, "table": table,
}


def program(case, precision):
    return PRELUDE + "\n".join(KINDS[case["kind"]](case, precision)) + "\n"
