///usr/bin/env jbang "$0" "$@" ; exit $?

//JAVA 17+

//DEPS com.google.protobuf:protobuf-java:4.36.1
//DEPS com.google.protobuf:protoc:4.36.1:${os.detected.classifier}@exe
//DEPS io.grpc:grpc-protobuf:1.83.0
//DEPS io.grpc:protoc-gen-grpc-java:1.83.0:${os.detected.classifier}@exe

//COMPILE_OPTIONS -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC -proc:none

package proto;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;

/**
 * Compiles {@code energy.proto} inside javac: an annotation processor that runs the real protoc with the gRPC plugin
 * and hands the Java sources to the compiler, so that no generated code and no build step is needed.
 *
 * <p>Both programs come from the Maven repository next to protobuf-java, where the {@code //DEPS} above put them.
 */
@SupportedAnnotationTypes("*")
public final class ProtoCompiler extends AbstractProcessor {

    private static final String PROTO = "energy.proto";

    private boolean done;

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        if (done || round.processingOver()) {
            return false;
        }
        done = true;
        try {
            compile();
        } catch (IOException e) {
            processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, PROTO + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, PROTO + ": interrupted");
        }
        return false;
    }

    private void compile() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("energy-proto");
        try {
            copyProto(work.resolve(PROTO));
            Path sources = Files.createDirectory(work.resolve("java"));
            Path protoc = program(com.google.protobuf.Message.class, "protoc", work);
            Path plugin = program(io.grpc.protobuf.ProtoUtils.class, "protoc-gen-grpc-java", work);
            run(List.of(protoc.toString(), "--plugin=protoc-gen-grpc-java=" + plugin,
                    "--proto_path=" + work, "--java_out=" + sources, "--grpc-java_out=" + sources, PROTO), work);
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    handOver(sources.relativize(file), file);
                }
            }
        } finally {
            deleteAll(work);
        }
    }

    /** JBang's {@code //FILES} has put the .proto into the class output before javac starts. */
    private void copyProto(Path target) throws IOException {
        try (InputStream in = processingEnv.getFiler()
                .getResource(StandardLocation.CLASS_OUTPUT, "", PROTO).openInputStream()) {
            Files.copy(in, target);
        }
    }

    private void handOver(Path name, Path file) throws IOException {
        String type = name.toString().replace(File.separatorChar, '.').replaceAll("\\.java$", "");
        try (Writer out = processingEnv.getFiler().createSourceFile(type).openWriter()) {
            out.write(Files.readString(file));
        }
    }

    /**
     * The program of the given artifact, of the same group and version as the library that holds {@code sibling}:
     * {@code GROUP/LIBRARY/VERSION/x.jar} leads to {@code GROUP/ARTIFACT/VERSION/ARTIFACT-VERSION-CLASSIFIER.exe}.
     */
    private static Path program(Class<?> sibling, String artifact, Path work) throws IOException {
        Path versionFolder;
        try {
            versionFolder = Path.of(sibling.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        Path folder = versionFolder.resolve("../..").normalize().resolve(artifact)
                .resolve(versionFolder.getFileName());
        Path program = folder.resolve(artifact + "-" + versionFolder.getFileName() + "-" + classifier() + ".exe");
        if (Files.isExecutable(program)) {
            return program;
        }
        Path copy = Files.copy(program, work.resolve(artifact + ".exe"));
        if (!copy.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + copy + " executable");
        }
        return copy;
    }

    /** This machine as the artifacts' classifiers name it, such as {@code linux-x86_64} or {@code osx-aarch_64}. */
    private static String classifier() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return (os.startsWith("mac") ? "osx" : os.startsWith("windows") ? "windows" : "linux") + "-"
                + switch (arch) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "aarch_64";
                    case "ppc64le" -> "ppcle_64";
                    case "s390x" -> "s390_64";
                    default -> arch;
                };
    }

    private void run(List<String> command, Path work) throws IOException, InterruptedException {
        Path log = work.resolve("protoc.log");
        int code = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
        String output = Files.readString(log).strip();
        if (code != 0) {
            throw new IOException(output.isEmpty() ? "protoc ended with exit code " + code : output);
        }
        if (!output.isEmpty()) {
            processingEnv.getMessager().printMessage(Diagnostic.Kind.WARNING, output);
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
