/* The training loop of a network of two linear layers, example after example: Backprop, Optimize, Reset, as one
 * would write them down. The widths INPUTS, HIDDEN and OUTPUTS and the number of EXAMPLES are given to the compiler. */

void train(
    float weight_1[HIDDEN][INPUTS], float bias_1[HIDDEN], float weight_2[OUTPUTS][HIDDEN], float bias_2[OUTPUTS],
    const float inputs[EXAMPLES][INPUTS], const float targets[EXAMPLES][OUTPUTS], float learning_rate, long steps
) {
  /* In variables of its own, which nothing else can point to: the compiler may keep them in registers. */
  float w1[HIDDEN][INPUTS], b1[HIDDEN], w2[OUTPUTS][HIDDEN], b2[OUTPUTS];
  __builtin_memcpy(w1, weight_1, sizeof w1);
  __builtin_memcpy(b1, bias_1, sizeof b1);
  __builtin_memcpy(w2, weight_2, sizeof w2);
  __builtin_memcpy(b2, bias_2, sizeof b2);
  int example = 0;
  for (long step = 0; step < steps; step++) {
    const float *x = inputs[example], *desired = targets[example];
    float hidden[HIDDEN], error[OUTPUTS], below[HIDDEN];
    for (int j = 0; j < HIDDEN; j++) {
      hidden[j] = b1[j];
      for (int i = 0; i < INPUTS; i++) hidden[j] += w1[j][i] * x[i];
    }
    for (int j = 0; j < OUTPUTS; j++) {
      float value = b2[j];
      for (int i = 0; i < HIDDEN; i++) value += w2[j][i] * hidden[i];
      error[j] = 2 * (value - desired[j]);
    }
    for (int i = 0; i < HIDDEN; i++) {
      below[i] = 0;
      for (int j = 0; j < OUTPUTS; j++) below[i] += w2[j][i] * error[j];
    }
    for (int j = 0; j < OUTPUTS; j++) {
      b2[j] -= learning_rate * error[j];
      for (int i = 0; i < HIDDEN; i++) w2[j][i] -= learning_rate * (error[j] * hidden[i]);
    }
    for (int j = 0; j < HIDDEN; j++) {
      b1[j] -= learning_rate * below[j];
      for (int i = 0; i < INPUTS; i++) w1[j][i] -= learning_rate * (below[j] * x[i]);
    }
    if (++example == EXAMPLES) example = 0;
  }
  __builtin_memcpy(weight_1, w1, sizeof w1);
  __builtin_memcpy(bias_1, b1, sizeof b1);
  __builtin_memcpy(weight_2, w2, sizeof w2);
  __builtin_memcpy(bias_2, b2, sizeof b2);
}
