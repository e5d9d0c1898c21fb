/* num/expo.c -- exp over arrays and the softmax of one information set.  The
 * functions of one number, and the method, are in expo.h. */
#include "num/expo.h"

void dm_exp_array(const double *x, size_t n, double *out)
{
  for (size_t i = 0; i < n; i++)
    out[i] = dm_exp(x[i]);
}

void dm_log_softmax(const double *z, size_t n, double *log_p)
{
  double top = z[0];
  for (size_t i = 1; i < n; i++)
    top = z[i] > top ? z[i] : top;
  double sum = 0.0;
  for (size_t i = 0; i < n; i++)
    sum += dm_exp(z[i] - top);
  double log_sum = dm_log(sum);
  for (size_t i = 0; i < n; i++)
    log_p[i] = (z[i] - top) - log_sum;
}
