#!/bin/sh
# Trains the practice letters on a device with the same settings in several precisions (METHODS, by default lora; PRECISIONS), with CPU=1 on the CPU, too, and goes
# on from a stopped run: train.sh DEVICE FOLDER.
# $NODE runs the program; ATTUNE_CUDA names the CUDA pack's folder.
set -u
device=$1
folder=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
node=${NODE:-$root/node_modules/.bin/node}
mkdir -p "$folder/home"
export HOME="$folder/home"
write() { # name, device, method, extra lines of training, precision
  cat >"$folder/$1.yaml" <<YAML
task: text-classification
model: $root/resources/sample/model
data: { file: $root/resources/sample/data/clinical-letters.csv, text: letter, label: urgency, group: patient_id }
head: { pooling: mean }
output: $folder/runs
method: $3
training:
  device: $2
  precision: $5
  num_train_epochs: ${EPOCHS:-8}
  weight_decay: 0.01
  max_length: 128
  early_stopping: null
  per_device_train_batch_size: 16
  seed: 7
  bootstrap_resamples: 0
  baselines: false
  logging_steps: 20
  cache: { prefix: false }
$4
YAML
}
show() { # log file: what the run's last event says
  "$node" -e '
    const lines = require("node:fs").readFileSync(process.argv[1], "utf8").trim().split("\n").map((line) => JSON.parse(line))
    const last = lines.at(-1)
    const losses = lines.filter(({ event }) => event === "step").map(({ step, loss }) => `${step}: ${loss.toFixed(4)}`)
    console.log(process.argv[1].split("/").at(-1), last.event, last.message ?? "", `accuracy ${last.metrics?.test?.accuracy?.value?.toFixed(4)} macro_f1 ${last.metrics?.test?.macro_f1?.value?.toFixed(4)}`)
    console.log("   losses", losses.join("  ").slice(0, 400))
    console.log("   skipped", lines.filter(({ event }) => event === "skipped").map(({ step, reason }) => `${step}: ${reason}`).join("; ") || "none")
    console.log("   seconds", JSON.stringify(last.seconds), "weights", String(last.weights_hash).slice(0, 12))
  ' "$1"
}
lora='{ type: lora, r: 8, lora_alpha: 16, target_modules: all-linear }'
for method in ${METHODS:-lora}; do
  rate=0.0005
  spec="{ type: $method }"
  [ $method = lora ] && spec=$lora rate=0.002
  train() { # name, device, precision
    write "$1" "$2" "$spec" "  learning_rate: $rate" "$3"
    timeout 60 "$node" "$root/src/main/cli.ts" train "$folder/$1.yaml" --json >"$folder/$1.log" 2>"$folder/$1.err" || head -c 600 "$folder/$1.err"
    show "$folder/$1.log"
  }
  for precision in ${PRECISIONS:-bf16 fp16 float32}; do
    train "$method-$device-$precision" "$device" "$precision"
  done
  [ "${CPU:-}" = 1 ] && train "$method-cpu" cpu float32
done
# Stopped after some steps, then gone on with: the same weights as the run that was not stopped, where the device computes the same twice.
write stopped "$device" "$lora" "  learning_rate: 0.002
  save_steps: 10" "${RESUMED:-fp16}"
"$node" "$root/src/main/cli.ts" train "$folder/stopped.yaml" --json >"$folder/stopped.log" 2>"$folder/stopped.err" &
pid=$!
for _ in $(seq 1 400); do
  grep -q '"step":20,' "$folder/stopped.log" && break
  sleep 0.1
done
kill -INT $pid
wait $pid
timeout 150 "$node" "$root/src/main/cli.ts" train "$folder/stopped.yaml" --resume --json >"$folder/resumed.log" 2>"$folder/resumed.err"
grep -o '"resumedFrom":[0-9a-z]*' "$folder/resumed.log"
show "$folder/resumed.log"
