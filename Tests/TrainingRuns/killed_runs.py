"""Kills a training at random moments and lets it go on from its checkpoint; at the end its files must have the bytes of a
run that was never stopped.

    killed_runs.py --glia PATH [--kills 50] [--seed 1]
"""
import argparse
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

PROGRAM = """
let x = rand(200, 4)
let y = x @ [1; -2; 0.5; 3] + 0.1
let net = dense(16, tanh) >> dropout(0.1) >> dense(1)
let start = try { resume("run.checkpoint") } catch e {
    if e.kind != "io" or not ("there is no file" in e.message) { error(e.message) }
    none
}
let run = fit(net, x, y, loss: mse, optimizer: adam(cosine_decay(0.02, 6000)), epochs: EPOCHS, batch: 4,
    validation: 0.2, resume: start, verbose: false,
    callbacks: (checkpoint("run.checkpoint", best_only: false), csv_log("log.csv"), early_stopping(patience: 1000),
        reduce_rate_on_plateau(patience: 5)))
export(weights(net), "final.safetensors")
export(run.history, "history.csv")
"""
RESULTS = ("final.safetensors", "history.csv", "log.csv")


def start(glia, folder, program):
    return subprocess.Popen(
        [glia, "run", str(program), "--quiet", "--out", str(folder)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--glia", required=True)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        program = place / "train.glia"
        program.write_text(PROGRAM.replace("EPOCHS", str(options.epochs)))
        begun = time.monotonic()
        whole = start(options.glia, place / "whole", program)
        _, message = whole.communicate()
        if whole.returncode != 0:
            sys.exit(f"the uninterrupted run failed: {message.decode()}")
        seconds = time.monotonic() - begun
        kills, finished = 0, 0
        parts = place / "parts"
        while kills < options.kills:
            process = start(options.glia, parts, program)
            try:
                _, message = process.communicate(timeout=chance.uniform(0, seconds))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                kills += 1
                continue
            if process.returncode != 0:
                sys.exit(f"a resumed run failed after {kills} kills: {message.decode()}")
            for name in RESULTS:
                if (parts / "train" / name).read_bytes() != (place / "whole" / "train" / name).read_bytes():
                    sys.exit(f"{name} differs from the uninterrupted run's after {kills} kills")
            finished += 1
            shutil.rmtree(parts)
        print(f"{kills} kills, {finished} runs finished in between, each with the bytes of the uninterrupted one")


main()
