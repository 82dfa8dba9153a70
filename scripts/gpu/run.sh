#!/bin/bash
# Everything that a lent NVIDIA card is asked, in one run; logs go to $OUT. Pieces of the program and the pack lie in .gpu/1 to .gpu/3 (scripts/gpu/pieces.sh).
# REHEARSE=webgpu (or cpu) runs the same script without a card and without PyTorch on one.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${OUT:-/tmp/attune-gpu-out}
work=${ATTUNE_GPU_WORK:-/tmp/attune-gpu}
device=${REHEARSE:-cuda}
mkdir -p "$out" "$work/pack"
cd "$root"
exec > >(tee "$out/run.log") 2>&1
begin=$(date +%s)
part() { echo; echo "=== $1 ($(($(date +%s) - begin)) s) ==="; }

part 'machine'
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv 2>&1 | tail -3
nproc

if [ "$device" = cuda ]; then
  # The first import reads gigabytes from the disk: beside everything else until PyTorch is needed.
  timeout 60 python3 -c 'import torch, transformers, peft; torch.zeros(1, device="cuda")' >/dev/null 2>&1 &
fi

part 'pieces'
for name in providers_cuda ort node modules; do
  cat .gpu/[123]/$name.xz.* >"$work/$name.xz"
done
(cd "$work" && sha256sum -c "$root/.gpu/3/sums") || exit 1
xz -dc "$work/node.xz" >"$work/node" && chmod +x "$work/node"
xz -dc "$work/ort.xz" >"$work/pack/libonnxruntime.so.1.30.0"
xz -dc "$work/providers_cuda.xz" >"$work/pack/libonnxruntime_providers_cuda.so"
cp .gpu/3/libonnxruntime_providers_shared.so "$work/pack/"
if [ ! -d node_modules/koffi ]; then
  xz -dc "$work/modules.xz" | tar x -C "$root"
  # The processor's side computes with the pack's library, too: the usual one did not travel.
  mkdir -p node_modules/onnxruntime-node/bin/napi-v6/linux/x64
  ln -sf "$work/pack/libonnxruntime.so.1.30.0" node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1
fi
if [ "$device" = cuda ]; then
  for name in libcudart.so.13 libcublas.so.13 libcublasLt.so.13 libcurand.so.10; do
    found=$(python3 -c 'import sys,site,glob,os; print(next((p for s in site.getsitepackages() for p in glob.glob(s+"/nvidia/**/lib/"+sys.argv[1], recursive=True)), ""))' $name)
    [ -z "$found" ] && found=$(find / -name "$name" -not -path '/proc/*' 2>/dev/null | head -1)
    echo "$name: ${found:-NOT FOUND}"
    [ -n "$found" ] && ln -sf "$found" "$work/pack/$name"
  done
fi
export ORT_DISABLE_TELEMETRY=1 NODE="$work/node" ATTUNE_CUDA="$work/pack" ATTUNE_GPU_THREADS=8 NODE_COMPILE_CACHE="$work/compiled"
export ATTUNE_GPU_PROVIDER=$device
if [ "$device" = cuda ]; then
  pack="$work/pack"
  echo "{\"library\":\"$pack/libonnxruntime.so.1.30.0\",\"needs\":[\"$pack/libcudart.so.13\",\"$pack/libcublasLt.so.13\",\"$pack/libcublas.so.13\",\"$pack/libcurand.so.10\"]}" >"$work/pack.json"
  export ATTUNE_GPU_PACK="$work/pack.json"
fi
"$NODE" --version

known='bert-single-label bert-lora-dropout bert-masked-lm distilbert-tokens-crf-head roberta-questions head-mean'
part 'a: known answers on the device, dropout masks that it draws, fixtures with no node on the CPU'
timeout 20 "$NODE" scripts/gpu/hello.ts
export ATTUNE_GPU_STRICT=1
timeout 20 "$NODE" scripts/gpu/masks.ts
for precision in ${PRECISIONS:-float32 bf16 fp16}; do
  echo "--- $precision"
  ATTUNE_GPU_PRECISION=$precision timeout 20 "$NODE" scripts/gpu/fidelity.ts ${CASES:-$known} 2>&1 | tee -a "$out/fidelity.log" | cut -c1-220
done
unset ATTUNE_GPU_STRICT
# What whoever rents the card wants done where the known answers did not come out.
grep -q 'all cases ran' "$out/fidelity.log" || [ ! -f .gpu/3/otherwise.sh ] || . .gpu/3/otherwise.sh

part 'b: practice letters'
METHODS=lora timeout "${TRAIN_SECONDS:-40}" sh scripts/gpu/train.sh "$device" "$work/letters" 2>&1 | tee "$out/letters.log"

if [ "$device" = cuda ]; then
  export ATTUNE_PYTHON=python3 ATTUNE_BENCH_ROWS=16 ATTUNE_BENCH_ROUNDS=3 HF_HUB_OFFLINE=1
  model="$work/bench/m768"
  mkdir -p "$work/bench"
  [ -d "$model" ] || python3 bench/reference_step.py write "$model" 768 2>/dev/null

  part 'c: what takes the card memory'
  # What cuBLAS takes for itself on a Hopper card; Attune sets a quarter of it (docs/decisions/0048).
  usual=:4096:8
  one='{"use_ep_level_unified_stream":"1"}'
  all() { # What is measured, as Attune does it and otherwise.
    echo '--- as it is'; timeout 15 "$NODE" scripts/gpu/memory.ts "$@"
    echo "--- CUBLAS_WORKSPACE_CONFIG=$usual"; CUBLAS_WORKSPACE_CONFIG=$usual timeout 15 "$NODE" scripts/gpu/memory.ts "$@"
    echo '--- one stream'; ATTUNE_GPU_OPTIONS=$one timeout 15 "$NODE" scripts/gpu/memory.ts "$@"
  }
  { all sessions; all "$model" lora:0:float32; timeout 15 "$NODE" scripts/gpu/memory.ts "$model" full:0:float32; } 2>&1 | tee "$out/memory.log"

  part 'd: steps against PyTorch'
  export ATTUNE_BENCH_CASES=${ATTUNE_BENCH_CASES:-lora:0.1:bf16,full:0.1:bf16,full:0.1:float32,lora:0.1:float32,lora:0.1:fp16,full:0.1:tf32,lora:0.1:tf32,full:0:float32}
  timeout "${BENCH_SECONDS:-75}" "$NODE" scripts/gpu/bench.ts "$work/bench" 2>&1 | grep -v -i -E 'warn|Loading weights|Writing model' | tee "$out/bench.log"

  part 'e: the same with the memory that cuBLAS would take'
  CUBLAS_WORKSPACE_CONFIG=$usual ATTUNE_BENCH_CASES=lora:0.1:tf32,full:0.1:float32 timeout 40 "$NODE" scripts/gpu/bench.ts "$work/bench" 2>&1 | grep -v -i -E 'warn|Loading weights' | tee "$out/bench-less.log"

  part 'f: where a step goes'
  for named in full:0.1:float32 lora:0.1:bf16; do
    CUDA_LAUNCH_BLOCKING=1 timeout 20 "$NODE" scripts/gpu/profile.ts "$model" "$work/profile" $named 2>&1 | tee -a "$out/profile.log"
  done
fi
part 'end'
