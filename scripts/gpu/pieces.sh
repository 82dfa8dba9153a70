#!/bin/bash
# Cuts what scripts/gpu/run.sh needs into three folders of much the same size: pieces.sh FOLDER OF *.xz, FOLDER OF THE PROVIDERS, DESTINATION.
set -eu
from=$1 providers=$2 to=$3
rm -rf "$to"/[123]
mkdir -p "$to"/1 "$to"/2 "$to"/3
cp "$providers/libonnxruntime_providers_shared.so" "$to/3/"
split -b "${PIECE:-30000000}" -d -a 1 "$from/providers_cuda.xz" "$to/providers_cuda.xz."
mv "$to/providers_cuda.xz.0" "$to/1/"
mv "$to/providers_cuda.xz.1" "$to/2/"
cp "$from/ort.xz" "$to/2/ort.xz.0"
cp "$from/modules.xz" "$to/2/modules.xz.0"
cp "$from/node.xz" "$to/3/node.xz.0"
(cd "$from" && sha256sum providers_cuda.xz ort.xz node.xz modules.xz) >"$to/3/sums"
du -sh "$to"/[123]
