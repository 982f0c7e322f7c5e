@echo off
rem Runs JBang on Windows: the one on the PATH, else its official release, fetched once and kept for later with the curl
rem and the tar of Windows 10 and later (JBANG_DOWNLOAD_URL names another place of its tar). The release brings a JDK for
rem itself where there is none. JBANGW_OWN=1 ignores the jbang on the PATH.
setlocal DisableDelayedExpansion

set version=0.132.1
set "install=install JBang as https://www.jbang.dev/download tells"

if not "%JBANGW_OWN%"=="" goto own
for %%J in (jbang.cmd) do set "jbang=%%~$PATH:J"
if not "%jbang%"=="" goto run

:own
set "cache=%LOCALAPPDATA%"
if "%cache%"=="" set "cache=%USERPROFILE%"
set "fetched=%cache%\energy-monitor\jbang-%version%"
set "jbang=%fetched%\bin\jbang.cmd"
rem For what has to name the folder that the monitor runs from.
for %%F in ("%~1") do if /i "%%~nxF"=="EnergyMonitor.java" set "ENERGY_MONITOR_SOURCE=%%~dpF."
if "%JBANG_DEFAULT_JAVA_VERSION%"=="" set JBANG_DEFAULT_JAVA_VERSION=17
if exist "%jbang%" goto run

set "url=%JBANG_DOWNLOAD_URL%"
if "%url%"=="" set "url=https://github.com/jbangdev/jbang/releases/download/v%version%/jbang-%version%.tar"
for %%U in ("%url%") do set "name=%%~nxU"
call set "place=%%url:/%name%=%%"
echo jbangw: fetching JBang %version% from %url%, once, into %fetched% 1>&2
set "work=%fetched%.%RANDOM%"
mkdir "%work%" 2>nul
if not exist "%work%" echo jbangw: cannot write to %work%: set LOCALAPPDATA to a folder that can be written to 1>&2& exit /b 1
pushd "%work%"

rem Every step needs the one before; call, because what is on the PATH may be a batch file too.
call curl -fsSL -o jbang.tar "%url%"
if errorlevel 1 if exist jbang.tar del jbang.tar
if not exist jbang.tar set "problem=%url% could not be fetched: check the network, or %install%"& goto failed
call curl -fsSL -o checksums "%place%/checksums_sha256.txt" 2>nul
if not exist checksums echo jbangw: no checksum is published beside it: it is used unchecked 1>&2& goto unpack
set wanted=
for /f "usebackq tokens=1,2" %%A in ("checksums") do if "%%B"=="%name%" set "wanted=%%A"
if "%wanted%"=="" echo jbangw: no checksum is published beside it: it is used unchecked 1>&2& goto unpack
set actual=
for /f "skip=1 delims=" %%H in ('certutil -hashfile jbang.tar SHA256') do if not defined actual set "actual=%%H"
if defined actual set "actual=%actual: =%"
if /i "%actual%"=="%wanted%" goto unpack
set "problem=%url% has another checksum than the one published beside it: do not trust it"
goto failed

:unpack
call tar -xf jbang.tar
for /d %%D in (*) do if exist "%%D\bin\jbang.cmd" move "%%D" "%fetched%" >nul 2>nul
set "problem=%url% has no bin\jbang.cmd in it: %install%"
popd
rd /s /q "%work%"
rem Another fetch may have been first: its result is as good.
if exist "%jbang%" goto run
echo jbangw: %problem% 1>&2
exit /b 1

:failed
popd
rd /s /q "%work%"
echo jbangw: %problem% 1>&2
exit /b 1

:run
rem Without call: nothing comes after it, its exit code is this one's, and the arguments are read once only.
"%jbang%" %*
