// Fibers, memory and launches of the emulated device, for io.streamcell.kernels.cuda.EmulatedDevice.
#include "emulator.h"
#include <deque>
#include <dlfcn.h>
#include <jni.h>
#include <memory>
#include <random>
#include <ucontext.h>
#include <vector>

namespace emulated {
Thread *current;
Index grid;

namespace {
constexpr int THREADS = 256, WARP = 32, STACK = 128 << 10;
using Function = void (*)(
    long, long, long, long, long, long, long, long, long, long, long, long, long, long, long, long, long, long, long,
    long, long, long, long, long);

struct Copy {
    void *to;
    const void *from;
    int bytes, zeros;
};

// Threads that wait for each other.
struct Barrier {
    int members = 0, arrived = 0;
    long passed = 0;
};

struct Block {
    std::vector<float4> shared;
    Barrier all, warps[THREADS / WARP];
    uint32_t exchange[THREADS / WARP][WARP][8];
};

struct Fiber : Thread {
    ucontext_t context;
    std::unique_ptr<char[]> stack{new char[STACK]};
    bool done;
    Barrier *waits;
    long turn;
    Block *of;
    std::deque<std::vector<Copy>> copies;
};

ucontext_t scheduler;
Function function;
long arguments[24];
std::mt19937 order(7);

void leave() { swapcontext(&static_cast<Fiber *>(current)->context, &scheduler); }

void wait(Barrier &barrier) {
    auto *fiber = static_cast<Fiber *>(current);
    if (++barrier.arrived == barrier.members) {
        barrier.arrived = 0;
        barrier.passed++;
    } else {
        fiber->waits = &barrier;
        fiber->turn = barrier.passed;
    }
    leave();
}

void enter() {
    long *a = arguments;
    function(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15],
             a[16], a[17], a[18], a[19], a[20], a[21], a[22], a[23]);
    static_cast<Fiber *>(current)->done = true;
    leave();
}

std::vector<std::unique_ptr<Fiber>> pool;

// Runs blocks to their end; false if all that are left wait.
bool run(const std::vector<Index> &indices, int shared_bytes) {
    std::vector<Block> blocks(indices.size());
    std::vector<Fiber *> fibers;
    for (size_t b = 0; b < blocks.size(); b++) {
        Block &block = blocks[b];
        block.shared.resize(shared_bytes / 16 + 1, {NAN, NAN, NAN, NAN});
        block.all.members = THREADS;
        for (auto &warp : block.warps) {
            warp.members = WARP;
        }
        for (unsigned t = 0; t < THREADS; t++) {
            if (fibers.size() == pool.size()) {
                pool.emplace_back(new Fiber);
            }
            Fiber *fiber = pool[fibers.size()].get();
            fiber->thread = {t, 0};
            fiber->block = indices[b];
            fiber->lane = t % WARP;
            fiber->shared = &block.shared[0].x;
            fiber->exchange = block.exchange[t / WARP];
            fiber->done = false;
            fiber->waits = nullptr;
            fiber->of = &block;
            fiber->copies.assign(1, {});
            getcontext(&fiber->context);
            fiber->context.uc_stack.ss_sp = fiber->stack.get();
            fiber->context.uc_stack.ss_size = STACK;
            fiber->context.uc_link = nullptr;
            makecontext(&fiber->context, enter, 0);
            fibers.push_back(fiber);
        }
    }
    while (!fibers.empty()) {
        bool moved = false;
        // A rotation by a random number is order enough, and cheap.
        size_t first = order() % fibers.size();
        for (size_t k = 0; k < fibers.size(); k++) {
            Fiber *fiber = fibers[(first + k) % fibers.size()];
            if (fiber->waits != nullptr && fiber->waits->passed == fiber->turn) {
                continue;
            }
            fiber->waits = nullptr;
            moved = true;
            current = fiber;
            swapcontext(&scheduler, &fiber->context);
        }
        if (!moved) {
            return false;
        }
        size_t left = 0;
        for (Fiber *fiber : fibers) {
            if (!fiber->done) {
                fibers[left++] = fiber;
            }
        }
        fibers.resize(left);
    }
    return true;
}
} // namespace

void sync_block() { wait(static_cast<Fiber *>(current)->of->all); }
void sync_warp() { wait(static_cast<Fiber *>(current)->of->warps[current->thread.x / WARP]); }
void yield() { leave(); }

void copy(void *to, const void *from, int bytes, int zeros) {
    static_cast<Fiber *>(current)->copies.back().push_back({to, from, bytes, zeros});
}

void end_copies() { static_cast<Fiber *>(current)->copies.emplace_back(); }

void wait_for_copies(int latest) {
    auto &copies = static_cast<Fiber *>(current)->copies;
    while (static_cast<int>(copies.size()) - 1 > latest) {
        for (const Copy &one : copies.front()) {
            memcpy(one.to, one.from, one.bytes);
            memset(static_cast<char *>(one.to) + one.bytes, 0, one.zeros);
        }
        copies.pop_front();
    }
}
} // namespace emulated

extern "C" {
JNIEXPORT jlong JNICALL Java_io_streamcell_kernels_cuda_EmulatedDevice_open(JNIEnv *env, jclass, jstring path) {
    const char *text = env->GetStringUTFChars(path, nullptr);
    void *library = dlopen(text, RTLD_NOW | RTLD_LOCAL);
    env->ReleaseStringUTFChars(path, text);
    return reinterpret_cast<jlong>(library);
}

JNIEXPORT jlong JNICALL Java_io_streamcell_kernels_cuda_EmulatedDevice_find(
    JNIEnv *env, jclass, jlong library, jstring name) {
    const char *text = env->GetStringUTFChars(name, nullptr);
    void *symbol = dlsym(reinterpret_cast<void *>(library), text);
    env->ReleaseStringUTFChars(name, text);
    return reinterpret_cast<jlong>(symbol);
}

JNIEXPORT void JNICALL Java_io_streamcell_kernels_cuda_EmulatedDevice_shut(JNIEnv *, jclass, jlong library) {
    dlclose(reinterpret_cast<void *>(library));
}

JNIEXPORT jlong JNICALL Java_io_streamcell_kernels_cuda_EmulatedDevice_take(JNIEnv *, jclass, jlong bytes) {
    void *memory = aligned_alloc(256, (bytes + 255) / 256 * 256);
    memset(memory, 0xff, bytes); // NaN, until it is written
    return reinterpret_cast<jlong>(memory);
}

JNIEXPORT void JNICALL Java_io_streamcell_kernels_cuda_EmulatedDevice_give(JNIEnv *, jclass, jlong memory) {
    free(reinterpret_cast<void *>(memory));
}

JNIEXPORT void JNICALL Java_io_streamcell_kernels_cuda_EmulatedDevice_copy(
    JNIEnv *env, jclass, jlong memory, jobject buffer, jlong bytes, jboolean up) {
    void *device = reinterpret_cast<void *>(memory), *host = env->GetDirectBufferAddress(buffer);
    memcpy(up ? device : host, up ? host : device, bytes);
}

JNIEXPORT void JNICALL Java_io_streamcell_kernels_cuda_EmulatedDevice_zero(JNIEnv *, jclass, jlong memory, jlong bytes) {
    memset(reinterpret_cast<void *>(memory), 0, bytes);
}

JNIEXPORT jboolean JNICALL Java_io_streamcell_kernels_cuda_EmulatedDevice_run(
    JNIEnv *env, jclass, jlong kernel, jint x, jint y, jint shared, jboolean together, jlongArray given) {
    using namespace emulated;
    function = reinterpret_cast<Function>(kernel);
    env->GetLongArrayRegion(given, 0, env->GetArrayLength(given), reinterpret_cast<jlong *>(arguments));
    grid = {static_cast<unsigned>(x), static_cast<unsigned>(y)};
    std::vector<Index> indices;
    for (unsigned j = 0; j < grid.y; j++) {
        for (unsigned i = 0; i < grid.x; i++) {
            indices.push_back({i, j});
            if (!together) {
                if (!run(indices, shared)) {
                    return false;
                }
                indices.clear();
            }
        }
    }
    return indices.empty() || run(indices, shared);
}
}
