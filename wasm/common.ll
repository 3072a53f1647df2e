; What Numba's code calls and wasm has not, in both variants. fused.ll and exact.ll have fma.4.

; No array is freed while a kernel runs, so references to it need no counting.
define internal void @keep.reference(ptr %counted) alwaysinline {
  ret void
}

declare double @llvm.sqrt.f64(double)

; wasm's f64.sqrt is correctly rounded, as C's is.
define internal double @sqrt.f64(double %x) alwaysinline {
  %root = call double @llvm.sqrt.f64(double %x)
  ret double %root
}

define internal <8 x float> @fma.v8f32(<8 x float> %a, <8 x float> %b, <8 x float> %c) alwaysinline {
  %a.low = shufflevector <8 x float> %a, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %b.low = shufflevector <8 x float> %b, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %c.low = shufflevector <8 x float> %c, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %a.high = shufflevector <8 x float> %a, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %b.high = shufflevector <8 x float> %b, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %c.high = shufflevector <8 x float> %c, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %low = call <4 x float> @fma.4(<4 x float> %a.low, <4 x float> %b.low, <4 x float> %c.low)
  %high = call <4 x float> @fma.4(<4 x float> %a.high, <4 x float> %b.high, <4 x float> %c.high)
  %all = shufflevector <4 x float> %low, <4 x float> %high,
    <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  ret <8 x float> %all
}

define internal float @fma.f32(float %a, float %b, float %c) alwaysinline {
  %a.lane = insertelement <4 x float> zeroinitializer, float %a, i32 0
  %b.lane = insertelement <4 x float> zeroinitializer, float %b, i32 0
  %c.lane = insertelement <4 x float> zeroinitializer, float %c, i32 0
  %lanes = call <4 x float> @fma.4(<4 x float> %a.lane, <4 x float> %b.lane, <4 x float> %c.lane)
  %lane = extractelement <4 x float> %lanes, i32 0
  ret float %lane
}

; a * b + c in float64, only where c is a * b rounded and negated: no kernel asks for another sum, but for this
; error of a product (engines.rules.times). Dekker's product gives it exactly where nothing over- or underflows
; (https://doi.org/10.1007/BF01397083, 1971): its factors are powers of numbers from 0 to 1, and those so small that
; something underflows are of no effect (engines.rules.next_power).
define internal double @fma.f64(double %a, double %b, double %c) alwaysinline {
  %a.scaled = fmul double %a, 134217729.0
  %a.rest = fsub double %a.scaled, %a
  %a.high = fsub double %a.scaled, %a.rest
  %a.low = fsub double %a, %a.high
  %b.scaled = fmul double %b, 134217729.0
  %b.rest = fsub double %b.scaled, %b
  %b.high = fsub double %b.scaled, %b.rest
  %b.low = fsub double %b, %b.high
  %high = fmul double %a.high, %b.high
  %after.high = fadd double %high, %c
  %middle.1 = fmul double %a.high, %b.low
  %after.middle.1 = fadd double %after.high, %middle.1
  %middle.2 = fmul double %a.low, %b.high
  %after.middle.2 = fadd double %after.middle.1, %middle.2
  %low = fmul double %a.low, %b.low
  %error = fadd double %after.middle.2, %low
  ret double %error
}
