package collectors.gpu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A made-up /sys with AMD GPUs, complete enough for AMD's own libraries: what amdgpu, hwmon and kfd show of them. A kfd
 * node without io_links makes Debian's builds of the libraries abort, so they are there.
 */
final class AmdMachine {

    /** Bytes of the kernel's struct gpu_metrics_v1_3 (kgd_pp_interface.h), and where the numbers stand. */
    private static final int METRICS_BYTES = 120;
    private static final int SOCKET_POWER_OFFSET = 22;
    private static final int ENERGY_OFFSET = 24;
    private static final int SYSTEM_TIMESTAMP_OFFSET = 32;
    /** In units of 10 ns; the libraries hand out either this or the system's. */
    private static final int FIRMWARE_TIMESTAMP_OFFSET = 96;
    private static final int HOTSPOT_OFFSET = 6;

    private final Path sys;

    AmdMachine(Path sys) throws IOException {
        this.sys = sys;
        write("module/amdgpu/initstate", "live");
        write("module/amdgpu/version", "6.10.5");
        write("class/kfd/kfd/topology/system_properties", "platform_oem 0\nplatform_id 0\nplatform_rev 0");
        write("class/kfd/kfd/topology/generation_id", "2");
        node(0, 0, "", "cpu_cores_count 64\nsimd_count 0\nlocation_id 0\ndomain 0\nunique_id 0\nvendor_id 0\n"
                + "device_id 0\ndrm_render_minor 0");
    }

    /**
     * Adds a GPU with 90 W, or whatever its power file says, 47 °C and 64 GiB.
     *
     * @param bus    where it is: 0000:bus:00.0
     * @param device its PCI id
     */
    AmdMachine gpu(int card, int bus, int device, long uniqueId, String powerFile, long microwatts)
            throws IOException {
        String address = String.format("0000:%02x:00.0", bus);
        String folder = "devices/pci0000:00/0000:00:01.1/" + address;
        for (String minor : new String[] {"card" + card, "renderD" + (128 + card)}) {
            write(folder + "/drm/" + minor + "/dev", "226:" + minor.replaceAll("\\D", ""));
            write(folder + "/drm/" + minor + "/uevent", "MAJOR=226\nMINOR=" + minor.replaceAll("\\D", "")
                    + "\nDEVNAME=dri/" + minor + "\nDEVTYPE=drm_minor");
            link(folder + "/drm/" + minor + "/device", "../../../" + address);
            link("class/drm/" + minor, "../../" + folder + "/drm/" + minor);
        }
        link("bus/pci/devices/" + address, "../../../" + folder);
        Map<String, String> files = Map.ofEntries(Map.entry("vendor", "0x1002"),
                Map.entry("device", String.format("0x%04x", device)), Map.entry("subsystem_vendor", "0x1002"),
                Map.entry("subsystem_device", "0x0c34"), Map.entry("unique_id", String.format("%016x", uniqueId)),
                Map.entry("uevent", String.format("DRIVER=amdgpu\nPCI_CLASS=38000\nPCI_ID=1002:%04X\n"
                        + "PCI_SLOT_NAME=%s", device, address)),
                Map.entry("gpu_busy_percent", "17"), Map.entry("mem_busy_percent", "5"),
                Map.entry("mem_info_vram_total", "68719476736"), Map.entry("mem_info_vram_used", "1073741824"),
                Map.entry("mem_info_gtt_total", "1000000"), Map.entry("mem_info_gtt_used", "0"),
                Map.entry("mem_info_vis_vram_total", "0"), Map.entry("mem_info_vis_vram_used", "0"),
                Map.entry("vbios_version", "113-XYZ"), Map.entry("power/control", "on"),
                Map.entry("power/runtime_status", "active"));
        for (Map.Entry<String, String> file : files.entrySet()) {
            write(folder + "/" + file.getKey(), file.getValue());
        }
        String hwmon = folder + "/hwmon/hwmon" + card;
        link("class/hwmon/hwmon" + card, "../../" + hwmon);
        link(hwmon + "/device", "../../../" + address);
        Map<String, String> sensors = Map.ofEntries(Map.entry("name", "amdgpu"),
                Map.entry(powerFile, String.valueOf(microwatts)), Map.entry("power1_label", "PPT"),
                Map.entry("power1_cap", "300000000"), Map.entry("power1_cap_max", "300000000"),
                Map.entry("power1_cap_min", "0"), Map.entry("power1_cap_default", "300000000"),
                Map.entry("temp1_label", "edge"), Map.entry("temp1_input", "41000"),
                Map.entry("temp2_label", "junction"), Map.entry("temp2_input", "47000"),
                Map.entry("temp3_label", "mem"), Map.entry("temp3_input", "44000"),
                Map.entry("in0_label", "vddgfx"), Map.entry("in0_input", "850"));
        for (Map.Entry<String, String> sensor : sensors.entrySet()) {
            write(hwmon + "/" + sensor.getKey(), sensor.getValue());
        }
        node(card + 1, 10_000 + card, "aldebaran", "cpu_cores_count 0\nsimd_count 416\nmem_banks_count 1\n"
                + "caches_count 0\nio_links_count 0\np2p_links_count 0\nmax_waves_per_simd 8\nlds_size_in_kb 64\n"
                + "gds_size_in_kb 0\nwave_front_size 64\narray_count 32\nsimd_arrays_per_engine 1\n"
                + "cu_per_simd_array 14\nsimd_per_cu 4\nmax_slots_scratch_cu 32\ngfx_target_version 90010\n"
                + "vendor_id 4098\ndevice_id " + device + "\nlocation_id " + (bus << 8) + "\ndomain 0\n"
                + "drm_render_minor " + (128 + card) + "\nhive_id 0\nlocal_mem_size 68719476736\nunique_id "
                + Long.toUnsignedString(uniqueId) + "\nnum_xcc 1");
        return this;
    }

    /** Where the table of a GPU lies that {@link #metrics} makes. */
    static Path metricsFile(Path sys, int bus) {
        return sys.resolve(String.format("devices/pci0000:00/0000:00:01.1/0000:%02x:00.0/gpu_metrics", bus));
    }

    /** The table gpu_metrics with what the energy counter says and when it was read. */
    static byte[] metrics(int watts, long energyUnits, long timestampNanos) {
        ByteBuffer table = ByteBuffer.allocate(METRICS_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        table.putShort(0, (short) METRICS_BYTES).put(2, (byte) 1).put(3, (byte) 3);
        table.putShort(HOTSPOT_OFFSET, (short) 47).putShort(SOCKET_POWER_OFFSET, (short) watts);
        table.putLong(ENERGY_OFFSET, energyUnits).putLong(SYSTEM_TIMESTAMP_OFFSET, timestampNanos);
        table.putLong(FIRMWARE_TIMESTAMP_OFFSET, timestampNanos / 10);
        return table.array();
    }

    private void node(int number, int gpuId, String name, String properties) throws IOException {
        String node = "class/kfd/kfd/topology/nodes/" + number;
        for (String folder : new String[] {"io_links", "p2p_links"}) {
            Files.createDirectories(sys.resolve(node).resolve(folder));
        }
        write(node + "/gpu_id", String.valueOf(gpuId));
        write(node + "/name", name);
        write(node + "/properties", properties);
        write(node + "/mem_banks/0/properties",
                "heap_type 1\nsize_in_bytes 68719476736\nflags 0\nwidth 4096\nmem_clk_max 1600");
        write(node + "/mem_banks/0/used_memory", "1073741824");
    }

    private void write(String file, String text) throws IOException {
        Path path = sys.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }

    private void link(String from, String to) throws IOException {
        Path path = sys.resolve(from);
        Files.createDirectories(path.getParent());
        Files.createSymbolicLink(path, Path.of(to));
    }
}
