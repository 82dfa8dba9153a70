import { Abs } from './abs.ts'
import { Add } from './add.ts'
import { Cast } from './cast.ts'
import { Concat } from './concat.ts'
import { ConstantOfShape } from './constant-of-shape.ts'
import { DequantizeLinear } from './dequantize-linear.ts'
import { Div } from './div.ts'
import { Equal } from './equal.ts'
import { Erf } from './erf.ts'
import { Exp } from './exp.ts'
import { Expand } from './expand.ts'
import { FastGelu } from './fast-gelu.ts'
import { FusedMatMul } from './fused-mat-mul.ts'
import { GatherElements } from './gather-elements.ts'
import { Gather } from './gather.ts'
import { Gelu } from './gelu.ts'
import { Gemm } from './gemm.ts'
import { Greater } from './greater.ts'
import { HardSigmoid } from './hard-sigmoid.ts'
import { Identity } from './identity.ts'
import { IsNaN } from './is-nan.ts'
import { LayerNormalization } from './layer-normalization.ts'
import { Less } from './less.ts'
import { LogSoftmax } from './log-softmax.ts'
import { Log } from './log.ts'
import { MatMul } from './mat-mul.ts'
import { Max } from './max.ts'
import { Min } from './min.ts'
import { Mul } from './mul.ts'
import { Neg } from './neg.ts'
import { Not } from './not.ts'
import { OneHot } from './one-hot.ts'
import { Pad } from './pad.ts'
import { Pow } from './pow.ts'
import { QuickGelu } from './quick-gelu.ts'
import { Reciprocal } from './reciprocal.ts'
import { ReduceMax } from './reduce-max.ts'
import { ReduceMean } from './reduce-mean.ts'
import { ReduceSumSquare } from './reduce-sum-square.ts'
import { ReduceSum } from './reduce-sum.ts'
import { Relu } from './relu.ts'
import { Reshape } from './reshape.ts'
import { ScatterElements } from './scatter-elements.ts'
import { Shape } from './shape.ts'
import { Sigmoid } from './sigmoid.ts'
import { Sign } from './sign.ts'
import { Slice } from './slice.ts'
import { Softmax } from './softmax.ts'
import { Softplus } from './softplus.ts'
import { Sqrt } from './sqrt.ts'
import { Squeeze } from './squeeze.ts'
import { Sub } from './sub.ts'
import { Tanh } from './tanh.ts'
import { Transpose } from './transpose.ts'
import { Unsqueeze } from './unsqueeze.ts'
import { Where } from './where.ts'

/** Every operator our graphs may contain. An op not listed here does not exist. */
export const allOps = {
  Abs,
  Add,
  Cast,
  Concat,
  ConstantOfShape,
  DequantizeLinear,
  Div,
  Equal,
  Erf,
  Exp,
  Expand,
  FastGelu,
  FusedMatMul,
  GatherElements,
  Gather,
  Gelu,
  Gemm,
  Greater,
  HardSigmoid,
  Identity,
  IsNaN,
  LayerNormalization,
  Less,
  LogSoftmax,
  Log,
  MatMul,
  Max,
  Min,
  Mul,
  Neg,
  Not,
  OneHot,
  Pad,
  Pow,
  QuickGelu,
  Reciprocal,
  ReduceMax,
  ReduceMean,
  ReduceSumSquare,
  ReduceSum,
  Relu,
  Reshape,
  ScatterElements,
  Shape,
  Sigmoid,
  Sign,
  Slice,
  Softmax,
  Softplus,
  Sqrt,
  Squeeze,
  Sub,
  Tanh,
  Transpose,
  Unsqueeze,
  Where
}
