/* Stands in for NVIDIA's driver where there is none, so that CUDA's libraries load: it has no device. */
int cuInit(unsigned flags) {
    (void)flags;
    return 100;
}

int cuGetErrorString(int error, const char **text) {
    (void)error;
    *text = "no CUDA-capable device is detected";
    return 0;
}
