; a * b + c on four lanes, where relaxed_madd rounds once. By its specification it may round twice, but then always
; does (https://github.com/WebAssembly/relaxed-simd): ui/static/kernel.js tries it before it loads this variant.

declare <4 x float> @llvm.wasm.relaxed.madd.v4f32(<4 x float>, <4 x float>, <4 x float>)

define internal <4 x float> @fma.4(<4 x float> %a, <4 x float> %b, <4 x float> %c) alwaysinline {
  %sum = call <4 x float> @llvm.wasm.relaxed.madd.v4f32(<4 x float> %a, <4 x float> %b, <4 x float> %c)
  ret <4 x float> %sum
}
