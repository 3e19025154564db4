namespace EdgeHub.DeviceSims.Drills;

/// <summary>A medium of a drill's own, mounted while it lasts: an ext4 in a file whose plug can be pulled, or a small memory disk.</summary>
sealed class Medium : IAsyncDisposable
{
    readonly string? image;

    Medium(string place, string? image) => (Place, this.image) = (place, image);

    public string Place { get; }

    public static async Task<Medium> Ext4Async(string directory, int mebibytes)
    {
        var image = Path.Combine(directory, "medium.img");
        var medium = new Medium(Directory.CreateDirectory(Path.Combine(directory, "medium")).FullName, image);
        await using (var file = File.Create(image))
            file.SetLength((long)mebibytes << 20);
        await Tools.RunAsync("mkfs.ext4", "-qF", image);
        await medium.MountAsync();
        return medium;
    }

    public static async Task<Medium> MemoryAsync(string directory, int mebibytes)
    {
        var medium = new Medium(Directory.CreateDirectory(directory).FullName, null);
        await Tools.RunAsync("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", medium.Place);
        return medium;
    }

    /// <summary>What was not flushed is gone, and every access fails from now on.</summary>
    public Task CutAsync() => Tools.RunAsync("xfs_io", "-x", "-c", "shutdown", Place);

    /// <summary>What was written is flushed first; then every access fails.</summary>
    public Task RefuseAsync() => Tools.RunAsync("xfs_io", "-x", "-c", "shutdown -f", Place);

    /// <summary>As a stick is pulled: every access fails, and its mount is gone with it.</summary>
    public async Task PullAsync()
    {
        await CutAsync();
        await Tools.RunAsync("umount", "-l", Place);
    }

    /// <summary>Whether a program still has something of the pulled medium open.</summary>
    public async Task<bool> IsHeldAsync() => (await Tools.RunAsync("losetup", "-j", image!)).Trim().Length > 0;

    public Task PlugAsync() => MountAsync();

    /// <summary>As when the kernel stumbles over the file system: it lets nothing be written any more.</summary>
    public async Task FindDamagedAsync()
    {
        var device = (await Tools.RunAsync("findmnt", "-no", "SOURCE", Place)).Trim();
        await File.WriteAllTextAsync($"/sys/fs/ext4/{Path.GetFileName(device)}/trigger_fs_error", "drill");
    }

    /// <summary>Everything in a directory of it is gone.</summary>
    public void Empty(string directory)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Place, directory)))
            File.Delete(file);
    }

    /// <summary>Mounts it anew; nothing may have a file open on it.</summary>
    public async Task RemountAsync()
    {
        await Tools.RunAsync("umount", Place);
        await MountAsync();
    }

    /// <summary>Takes all the space that is left but some.</summary>
    public async Task FillAsync(int leftKibibytes)
    {
        var free = new DriveInfo(Place).AvailableFreeSpace - ((long)leftKibibytes << 10);
        if (free > 0)
            await Tools.RunAsync("fallocate", "-l", $"{free}", Path.Combine(Place, "ballast"));
    }

    public void Free() => File.Delete(Path.Combine(Place, "ballast"));

    // Lazy, so that a failed drill leaves no mount behind.
    public async ValueTask DisposeAsync() => await Tools.TryAsync("umount", "-l", Place);

    Task<string> MountAsync() => Tools.RunAsync("mount", "-o", "loop,errors=remount-ro", image!, Place);
}
