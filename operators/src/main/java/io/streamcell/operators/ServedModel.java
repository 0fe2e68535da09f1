package io.streamcell.operators;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.models.Models;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkSignature;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.annotation.Public;
import org.apache.flink.core.fs.FileSystem;

/**
 * The model that a job serves, without its weights: small enough to travel with the job to every
 * task. The weights are read again where they are needed, and the file must then still be the same.
 *
 * @param carriesConvolutions whether its causal convolutions keep their last inputs from chunk to
 *     chunk
 * @param precision that it is computed in, {@link KernelOptions#PRECISIONS}
 */
@Public
public record ServedModel(
        ModelReference reference,
        NetworkSignature signature,
        boolean carriesConvolutions,
        String precision)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /**
     * The network in a model file, and the SHA-256 of its bytes and of those of the files beside
     * it.
     */
    private record Loaded(String sha256, Network network) {}

    /**
     * Reads the model that the options name, to learn its signature.
     *
     * @throws IOException if the file cannot be read
     * @throws io.streamcell.models.UnsupportedModelException if it is not a model that can be
     *     scored
     * @throws io.streamcell.kernels.KernelException if the kernel provider does not compute it
     */
    public static ServedModel of(ScoringOptions options) throws IOException {
        String uri = options.value(ScoringOptions.MODEL_URI);
        Loaded loaded = load(uri);
        boolean carries = options.value(ScoringOptions.MODEL_CARRY_CONVOLUTIONS);
        Network network = prepared(loaded.network(), carries);
        KernelProviders.check(
                options.value(ScoringOptions.KERNEL_PROVIDER), network, options.kernelOptions());
        NetworkSignature signature = network.signature(options.value(ScoringOptions.MODEL_CARRY));
        return new ServedModel(
                new ModelReference(
                        uri,
                        loaded.sha256(),
                        signature.fingerprint(),
                        signature.layout().carriedSizes()),
                signature,
                carries,
                options.value(ScoringOptions.KERNEL_PRECISION));
    }

    private static Loaded load(String uri) throws IOException {
        org.apache.flink.core.fs.Path source = new org.apache.flink.core.fs.Path(uri);
        Path folder = Files.createTempDirectory("streamcell-model");
        List<Path> copies = new ArrayList<>();
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Path model = copy(source, folder, digest, copies);
            for (String name : Models.beside(model)) {
                copy(
                        new org.apache.flink.core.fs.Path(source.getParent(), name),
                        folder,
                        digest,
                        copies);
            }
            Network network = Models.read(model);
            return new Loaded(HexFormat.of().formatHex(digest.digest()), network);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        } finally {
            for (Path copy : copies) {
                Files.deleteIfExists(copy);
            }
            Files.deleteIfExists(folder);
        }
    }

    private static Path copy(
            org.apache.flink.core.fs.Path source,
            Path folder,
            MessageDigest digest,
            List<Path> copies)
            throws IOException {
        FileSystem files = source.getFileSystem();
        Path copy = folder.resolve(source.getName());
        copies.add(copy);
        try (InputStream stream = new DigestInputStream(files.open(source), digest)) {
            Files.copy(stream, copy);
        }
        return copy;
    }

    /**
     * Reads the network again.
     *
     * @throws IOException if the file cannot be read, or is no longer the one that was pinned
     */
    public Network network() throws IOException {
        Loaded loaded = load(reference.uri());
        if (!loaded.sha256().equals(reference.sha256())) {
            throw new IOException(
                    "model %s must be the file with SHA-256 %s that the job was started with, got %s: was it overwritten?"
                            .formatted(reference.uri(), reference.sha256(), loaded.sha256()));
        }
        return prepared(loaded.network(), carriesConvolutions);
    }

    private static Network prepared(Network network, boolean carriesConvolutions) {
        return carriesConvolutions ? network.carryingConvolutions() : network;
    }

    /** What stands in scores: fingerprint, precision and arithmetic's version. */
    public String label() {
        return label(signature, precision);
    }

    static String label(NetworkSignature signature, String precision) {
        // tf32-1, since a digit behind tf32 would be read as part of it.
        String dash = precision.equals(KernelOptions.EXACT) ? "" : "-";
        return "%s.%s%s%d"
                .formatted(signature.fingerprintText(), precision, dash, KernelOptions.ARITHMETIC);
    }
}
