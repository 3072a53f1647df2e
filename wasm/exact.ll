; a * b + c on four lanes, rounded once, from operations that every wasm with SIMD has.
;
; In float64 the product of two float32 is exact, and its sum with a third is rounded to 53 bits. To round that again,
; to float32, is right unless it stands just between two float32 numbers: if of the 29 bits that go, the first is set
; and the others are not. Where the result is subnormal, or was rounded up to the smallest that is not, more bits go:
; these are all taken for doubtful, but for 0, since sums so small are exact in float64. Only what is doubtful is
; computed again.

declare i1 @llvm.vector.reduce.or.v4i1(<4 x i1>)

define internal <4 x float> @fma.4(<4 x float> %a, <4 x float> %b, <4 x float> %c) alwaysinline {
  %a.wide = fpext <4 x float> %a to <4 x double>
  %b.wide = fpext <4 x float> %b to <4 x double>
  %c.wide = fpext <4 x float> %c to <4 x double>
  %product = fmul <4 x double> %a.wide, %b.wide
  %sum = fadd <4 x double> %product, %c.wide
  %rounded = call <4 x float> @narrowed(<4 x double> %sum)
  %sum.bits = bitcast <4 x double> %sum to <4 x i64>
  %sum.low = trunc <4 x i64> %sum.bits to <4 x i32>
  %going = and <4 x i32> %sum.low, splat (i32 536870911)
  %between = icmp eq <4 x i32> %going, splat (i32 268435456)
  %rounded.bits = bitcast <4 x float> %rounded to <4 x i32>
  %size = and <4 x i32> %rounded.bits, splat (i32 2147483647)
  %size.less.1 = sub <4 x i32> %size, splat (i32 1)
  %tiny = icmp ult <4 x i32> %size.less.1, splat (i32 8388608)
  %doubtful = or <4 x i1> %between, %tiny
  %any = call i1 @llvm.vector.reduce.or.v4i1(<4 x i1> %doubtful)
  br i1 %any, label %doubt, label %sure
sure:
  ret <4 x float> %rounded
doubt:
  %again = call <4 x float> @rounded.once(<4 x double> %product, <4 x double> %c.wide)
  ret <4 x float> %again
}

; a + b, rounded once. Where the sum in float64 is inexact and its last bit is 0, that bit is made 1, toward what was
; lost. A sum so rounded, to odd, may be rounded again: S. Boldo and G. Melquiond, "Emulation of a FMA and correctly
; rounded sums: proved algorithms using rounding to odd", 2008, https://doi.org/10.1109/TC.2007.70819. What was lost is
; told by Knuth's TwoSum.
define internal <4 x float> @rounded.once(<4 x double> %a, <4 x double> %b) noinline {
  %sum = fadd <4 x double> %a, %b
  %b.virtual = fsub <4 x double> %sum, %a
  %a.virtual = fsub <4 x double> %sum, %b.virtual
  %a.lost = fsub <4 x double> %a, %a.virtual
  %b.lost = fsub <4 x double> %b, %b.virtual
  %lost = fadd <4 x double> %a.lost, %b.lost
  %inexact = fcmp one <4 x double> %lost, zeroinitializer
  %bits = bitcast <4 x double> %sum to <4 x i64>
  %last = and <4 x i64> %bits, splat (i64 1)
  %even = icmp eq <4 x i64> %last, zeroinitializer
  %moves = and <4 x i1> %inexact, %even
  %lost.bits = bitcast <4 x double> %lost to <4 x i64>
  %signs = xor <4 x i64> %bits, %lost.bits
  %inward = ashr <4 x i64> %signs, splat (i64 63)
  %direction = or <4 x i64> %inward, splat (i64 1)
  %move = select <4 x i1> %moves, <4 x i64> %direction, <4 x i64> zeroinitializer
  %odd.bits = add <4 x i64> %bits, %move
  %odd = bitcast <4 x i64> %odd.bits to <4 x double>
  %rounded = call <4 x float> @narrowed(<4 x double> %odd)
  ret <4 x float> %rounded
}

; Four float64 rounded to float32. wasm rounds two at a time, and puts two zeros behind them; LLVM would rather round
; one by one than that and drop the zeros, unless it cannot see that they are dropped.
define internal <4 x float> @narrowed(<4 x double> %wide) alwaysinline {
  %low.wide = shufflevector <4 x double> %wide, <4 x double> poison, <2 x i32> <i32 0, i32 1>
  %high.wide = shufflevector <4 x double> %wide, <4 x double> poison, <2 x i32> <i32 2, i32 3>
  %low = fptrunc <2 x double> %low.wide to <2 x float>
  %high = fptrunc <2 x double> %high.wide to <2 x float>
  %low.zeros = shufflevector <2 x float> %low, <2 x float> zeroinitializer, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %high.zeros = shufflevector <2 x float> %high, <2 x float> zeroinitializer, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %low.bytes = bitcast <4 x float> %low.zeros to <16 x i8>
  %high.bytes = bitcast <4 x float> %high.zeros to <16 x i8>
  %bytes = call <16 x i8> @llvm.wasm.shuffle(<16 x i8> %low.bytes, <16 x i8> %high.bytes,
    i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7,
    i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23)
  %narrow = bitcast <16 x i8> %bytes to <4 x float>
  ret <4 x float> %narrow
}

declare <16 x i8> @llvm.wasm.shuffle(<16 x i8>, <16 x i8>,
  i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32)
