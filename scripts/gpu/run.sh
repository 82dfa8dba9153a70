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

part 'a: known answers on the device, and dropout masks that it draws'
timeout 60 "$NODE" scripts/gpu/hello.ts
ATTUNE_GPU_STRICT=1 timeout 60 "$NODE" scripts/gpu/masks.ts

part 'b: fixtures, float32, no node on the CPU'
ATTUNE_GPU_STRICT=1 timeout 60 "$NODE" scripts/gpu/fidelity.ts ${CASES:-} | tee "$out/fidelity.log" | cut -c1-220

part 'c: practice letters'
timeout "${TRAIN_SECONDS:-80}" sh scripts/gpu/train.sh "$device" "$work/letters" 2>&1 | tee "$out/letters.log"

part 'd: steps against PyTorch'
if [ "$device" = cuda ]; then
  export ATTUNE_PYTHON=python3
  export ATTUNE_BENCH_CASES=${ATTUNE_BENCH_CASES:-lora:0.1:false,lora:0.1:true,full:0.1:false,full:0.1:true,full:0:true,lora:0:false}
  ATTUNE_BENCH_ROWS=16 timeout "${BENCH_SECONDS:-190}" "$NODE" scripts/gpu/bench.ts "$work/bench" 2>&1 | grep -v -i -E 'warn|Loading weights|Writing model' | tee "$out/bench.log"
fi
part 'end'
