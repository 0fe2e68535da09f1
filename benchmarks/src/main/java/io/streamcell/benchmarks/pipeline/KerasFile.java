package io.streamcell.benchmarks.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Saves an {@link LstmModel} as Keras 3 would. */
final class KerasFile {
    private KerasFile() {}

    /** Writes a {@code .keras} file. */
    static void write(LstmModel model, Path file) throws IOException {
        Path weights = Files.createTempFile("weights", ".h5");
        try {
            weights(model, weights);
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                zip.putNextEntry(new ZipEntry("config.json"));
                zip.write(config(model).getBytes(StandardCharsets.UTF_8));
                zip.putNextEntry(new ZipEntry("model.weights.h5"));
                Files.copy(weights, zip);
            }
        } finally {
            Files.deleteIfExists(weights);
        }
    }

    private static void weights(LstmModel model, Path file) {
        int gates = 4 * model.units();
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            WritableGroup layers = hdf.putGroup("layers");
            WritableGroup cell = layers.putGroup("lstm").putGroup("cell").putGroup("vars");
            cell.putDataset("0", matrix(model.inputWeights(), model.features(), gates));
            cell.putDataset("1", matrix(model.recurrentWeights(), model.units(), gates));
            cell.putDataset("2", model.bias());
            WritableGroup dense = layers.putGroup("dense").putGroup("vars");
            dense.putDataset("0", matrix(model.denseWeights(), model.units(), 1));
            dense.putDataset("1", model.denseBias());
        }
    }

    private static float[][] matrix(float[] values, int rows, int columns) {
        float[][] matrix = new float[rows][columns];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(values, row * columns, matrix[row], 0, columns);
        }
        return matrix;
    }

    private static String config(LstmModel model) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("class_name", "Sequential");
            json.writeObjectFieldStart("config");
            json.writeStringField("name", "lstm_dense");
            json.writeArrayFieldStart("layers");
            layer(json, "InputLayer", "input");
            json.writeArrayFieldStart("batch_shape");
            json.writeNull();
            json.writeNull();
            json.writeNumber(model.features());
            json.writeEndArray();
            end(json);
            layer(json, "LSTM", "lstm");
            json.writeNumberField("units", model.units());
            json.writeBooleanField("return_sequences", true);
            json.writeStringField("activation", "tanh");
            json.writeStringField("recurrent_activation", "sigmoid");
            json.writeBooleanField("use_bias", true);
            end(json);
            layer(json, "Dense", "dense");
            json.writeNumberField("units", 1);
            json.writeStringField("activation", "linear");
            json.writeBooleanField("use_bias", true);
            end(json);
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void layer(JsonGenerator json, String kind, String name) throws IOException {
        json.writeStartObject();
        json.writeStringField("class_name", kind);
        json.writeObjectFieldStart("config");
        json.writeStringField("name", name);
        json.writeStringField("dtype", "float32");
    }

    private static void end(JsonGenerator json) throws IOException {
        json.writeEndObject();
        json.writeEndObject();
    }
}
